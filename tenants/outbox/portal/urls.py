"""Addresses of the mail log and of writings to many, in a society's staff area."""

from __future__ import annotations

from django.urls import path

from tenants.outbox.portal import many, views

app_name = "mail"
urlpatterns = [
    path("", views.log, name="log"),
    path("many/", many.many, name="many"),
    path("many/<uuid:pk>/", many.mailing, name="mailing"),
    path("many/<uuid:pk>/stop/", many.stop, name="stop"),
    path("postal-address/", many.postal_address, name="postal_address"),
    path("<uuid:pk>/letter/", views.letter, name="letter"),
    path("<uuid:pk>/letter/html/", views.letter_html, name="letter_html"),
    path("<uuid:pk>/take-back/", views.take_back, name="take-back"),
]
