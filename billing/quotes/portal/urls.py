"""Addresses of quotes on the platform's own site."""

from __future__ import annotations

from django.urls import path

from billing.quotes.portal import views

app_name = "quotes"
urlpatterns = [
    path("quotes/<str:token>/", views.quote, name="quote"),
    path("quotes/<str:token>/pdf/", views.paper, name="paper"),
]
