"""Addresses of surveys, on a society's host."""

from __future__ import annotations

from django.urls import path

from programs.surveys.portal import answering

app_name = "surveys"
urlpatterns = [
    path("<uuid:pk>/", answering.answer, name="answer"),
    path("by-mail/<str:token>/", answering.by_link, name="by_link"),
]
