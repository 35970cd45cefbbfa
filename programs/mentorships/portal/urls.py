"""Addresses of mentorships, on a society's host."""

from __future__ import annotations

from django.urls import path

from programs.mentorships.portal import directory, views

app_name = "mentorships"
urlpatterns = [
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/agree/", views.agree, name="agree"),
    path("<uuid:pk>/yes/", views.yes, name="yes"),
    path("<uuid:pk>/not-this-one/", views.no, name="no"),
    path("by-mail/<str:token>/", views.by_link, name="by_link"),
    path("by-mail/<str:token>/agree/", views.agree_by_link, name="agree_by_link"),
    path("by-mail/<str:token>/yes/", views.yes_by_link, name="yes_by_link"),
    path("by-mail/<str:token>/not-this-one/", views.no_by_link, name="no_by_link"),
]

directory_of_people = (
    [
        path("", directory.people, name="people"),
        path("show-me/", directory.show, name="show"),
        path("known/", directory.known, name="known"),
        path("known/<uuid:pk>/take-back/", directory.not_known, name="not_known"),
        path("<uuid:pk>/", directory.person, name="person"),
        path("line/<uuid:pk>/take-out/", directory.forget, name="forget"),
    ],
    "directory_of_people",
)
