"""Addresses of the set-up list and of what a society shares, in its staff area."""

from __future__ import annotations

from django.urls import path

from programs.opening.portal import sharing, views

app_name = "opening"
urlpatterns = [
    path("set-up/", views.listing, name="list"),
    path("programs/<slug:slug>/first-mails/", views.mails, name="mails"),
    path("programs/<slug:slug>/first-mails/<int:number>/", views.mail, name="mail"),
    path("sessions/<uuid:pk>/share/", sharing.kit, name="share"),
    path("sessions/<uuid:pk>/share/qr.svg", sharing.qr_svg, name="qr_svg"),
    path("sessions/<uuid:pk>/share/qr.png", sharing.qr_png, name="qr_png"),
    path("sessions/<uuid:pk>/share/flyer.pdf", sharing.flyer, name="flyer"),
]
