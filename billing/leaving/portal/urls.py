"""Addresses of leaving, among the settings of a society."""

from __future__ import annotations

from django.urls import path

from billing.leaving.portal import views

app_name = "leaving"
urlpatterns = [
    path("settings/leaving/", views.leaving, name="leaving"),
    path("settings/leaving/mentorships/", views.mentorships, name="mentorships"),
    path("settings/leaving/stay/", views.stay, name="stay"),
]
