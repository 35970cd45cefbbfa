"""Addresses of what somebody takes along, in the portal."""

from __future__ import annotations

from django.urls import path

from programs.own_copy.portal import views

app_name = "own_copy"
urlpatterns = [
    path("me/copy/", views.copy, name="copy"),
    path("me/copy/file/", views.file, name="file"),
    path("me/copy/certificates/<uuid:pk>/", views.certificate, name="certificate"),
]
