"""Addresses of programs in the staff area."""

from __future__ import annotations

from django.urls import path

from programs.policy.portal import views

app_name = "programs"
urlpatterns = [
    path("programs/", views.programs, name="programs"),
    path("templates/<slug:name>/", views.template, name="template"),
    path("programs/<slug:slug>/", views.program, name="program"),
    path("programs/<slug:slug>/new-session/", views.new_session, name="new_session"),
    path("programs/<slug:slug>/settings/", views.settings, name="settings"),
]
