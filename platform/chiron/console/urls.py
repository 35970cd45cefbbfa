"""Addresses of the console, on the public site."""

from __future__ import annotations

from django.urls import path

from chiron.console import views

app_name = "console"
urlpatterns = [
    path("", views.societies, name="societies"),
    path("societies/<uuid:pk>/", views.society, name="society"),
]
