"""Addresses of the people room, on a society's host."""

from __future__ import annotations

from django.urls import path

from tenants.people.portal import views

app_name = "people"
urlpatterns = [
    path("welcome/", views.stranger, name="stranger"),
    path("staff/settings/people-and-roles/", views.roles, name="roles"),
    path("staff/settings/people-and-roles/<uuid:pk>/until/", views.until, name="move-end-of-role"),
    path("staff/settings/people-and-roles/<uuid:pk>/end/", views.end, name="end-role"),
]
