"""Addresses of wishes, for members on a society's host."""

from __future__ import annotations

from django.urls import path

from programs.wishing.portal import views

app_name = "wishing"
urlpatterns = [
    path("<uuid:pk>/", views.wishes, name="wishes"),
    path("<uuid:pk>/people/<uuid:other>/", views.person, name="person"),
    path("<uuid:pk>/put/", views.put, name="put"),
    path("<uuid:pk>/take-out/", views.take_out, name="take_out"),
    path("<uuid:pk>/show-me/", views.show, name="show"),
]
