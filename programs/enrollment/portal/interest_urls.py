"""Addresses around a program, as lists to include: who is interested, who agreed, who qualifies, partners' logos."""

from __future__ import annotations

from django.urls import path

from programs.enrollment.portal import agreements, interest, programs, qualifying

visitors = (
    [
        path("programs/<slug:slug>/interest/", interest.say, name="say"),
        path("interest/<str:token>/", interest.answer, name="answer"),
        path("programs/logos/<slug:digest>.png", programs.logo, name="logo"),
    ],
    "interest",
)
agreed = (
    [
        path("programs/<slug:slug>/agreements/", agreements.listing, name="list"),
        path("programs/<slug:slug>/agreements/sheet/", agreements.as_sheet, name="sheet"),
    ],
    "agreements",
)
staff = ([path("programs/<slug:slug>/interested/", interest.interested, name="list")], "interested")
rules = ([path("programs/<slug:slug>/who-qualifies/<int:part>/", qualifying.preview, name="preview")], "qualifying")
