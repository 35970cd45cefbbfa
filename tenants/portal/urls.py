"""Addresses of a society's own settings, in its staff area."""

from __future__ import annotations

from django.urls import path

from tenants.portal import confirming, views

app_name = "society"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("confirmation/", confirming.confirmation, name="confirmation"),
]
