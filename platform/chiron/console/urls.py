"""Addresses of the console, on the public site."""

from __future__ import annotations

from django.urls import path

from chiron.console import jobs, money, views

app_name = "console"
urlpatterns = [
    path("", views.societies, name="societies"),
    path("societies/<uuid:pk>/", views.society, name="society"),
    path("societies/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("societies/<uuid:pk>/plan/", money.plan, name="plan"),
    path("societies/<uuid:pk>/plan/begin/", money.begin, name="begin-trial"),
    path("societies/<uuid:pk>/plan/ask/", money.ask, name="ask-stripe"),
    path("societies/<uuid:pk>/plan/give/", money.give, name="give"),
    path("societies/<uuid:pk>/plan/given/<uuid:override>/back/", money.take_back, name="take-back"),
    path("societies/<uuid:pk>/plan/discount/", money.discount, name="discount"),
    path("societies/<uuid:pk>/plan/discount/<uuid:discount>/back/", money.discount_back, name="discount-back"),
    path("societies/<uuid:pk>/plan/invoices/<uuid:invoice>/outside/", money.paid_outside, name="paid-outside"),
    path("societies/<uuid:pk>/plan/certificate/", money.certificate, name="certificate"),
    path("societies/<uuid:pk>/plan/certificate/accept/", money.exempt, name="exempt"),
    path("billing/", money.events, name="events"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:pk>/try-again/", jobs.try_again, name="try-again"),
]
