"""Addresses of surveys and the report, in a society's staff area."""

from __future__ import annotations

from django.urls import path

from programs.outcomes.portal import views

app_name = "outcomes"
urlpatterns = [
    path("sessions/<uuid:pk>/surveys/", views.surveys, name="surveys"),
    path("sessions/<uuid:pk>/surveys/<int:position>/", views.survey, name="survey"),
    path("sessions/<uuid:pk>/surveys/<int:position>/send/", views.send, name="send"),
    path("sessions/<uuid:pk>/surveys/<int:position>/send-me/", views.send_me, name="send_me"),
    path("sessions/<uuid:pk>/report/", views.report, name="report"),
    path("sessions/<uuid:pk>/report.pdf", views.report_file, name="report_file"),
    path("comments/<uuid:pk>/quote/", views.quote, name="quote"),
]
