"""Addresses of rehearsals: where one begins, and what is only there inside of one."""

from __future__ import annotations

from django.urls import path

from programs.rehearsing.portal import views

app_name = "rehearsing"
urlpatterns = [
    path("staff/programs/<slug:slug>/rehearse/", views.begin, name="begin"),
    path("rehearsal/<str:token>/", views.enter, name="enter"),
    path("staff/rehearsal/", views.overview, name="overview"),
    path("staff/rehearsal/later/", views.later, name="later"),
    path("staff/rehearsal/let-in/", views.let_everybody_in, name="let_in"),
    path("staff/rehearsal/end/", views.end, name="end"),
]
