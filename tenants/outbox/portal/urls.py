"""Addresses of the mail log, in a society's staff area."""

from __future__ import annotations

from django.urls import path

from tenants.outbox.portal import views

app_name = "mail"
urlpatterns = [
    path("", views.log, name="log"),
    path("<uuid:pk>/take-back/", views.take_back, name="take-back"),
]
