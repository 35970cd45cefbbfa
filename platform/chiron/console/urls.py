"""Addresses of the console, on the public site."""

from __future__ import annotations

from django.urls import path

from chiron.console import jobs, views

app_name = "console"
urlpatterns = [
    path("", views.societies, name="societies"),
    path("societies/<uuid:pk>/", views.society, name="society"),
    path("societies/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:pk>/try-again/", jobs.try_again, name="try-again"),
]
