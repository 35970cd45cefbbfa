"""Addresses of a society's plan, among its settings. For owners alone."""

from __future__ import annotations

from django.urls import path

from billing.portal import views

app_name = "plan"
urlpatterns = [
    path("settings/plan/", views.plan, name="plan"),
    path("settings/plan/card/", views.card, name="card"),
    path("settings/plan/quote/", views.quote, name="quote"),
    path("settings/plan/change/", views.change, name="change"),
    path("settings/plan/keep/", views.keep, name="keep"),
    path("settings/plan/end/", views.end, name="end"),
    path("settings/plan/go-on/", views.go_on, name="go_on"),
    path("settings/plan/payment/", views.payment, name="payment"),
    path("settings/plan/contact/", views.contact, name="contact"),
    path("settings/plan/certificate/", views.certificate, name="certificate"),
]
