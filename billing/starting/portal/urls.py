"""Addresses of a start on the public site, and of the owner's first steps on a society's host."""

from __future__ import annotations

from django.urls import path

from billing.starting.portal import entering, starting

public = (
    [
        path("", starting.start, name="start"),
        path("code/", starting.code, name="code"),
        path("address/", starting.address, name="address"),
        path("let-me-in/", starting.let_me_in, name="let_me_in"),
        path("go-on/<uuid:pk>/", starting.go_on, name="go_on"),
        path("left/<str:token>/", starting.left, name="left"),
        path("ready/", starting.ready, name="ready"),
    ],
    "starting",
)
texts = [
    path("terms/", starting.terms, name="terms"),
    path("data-processing/", starting.processing, name="processing"),
]
owner = (
    [
        path("start/<str:token>/", entering.enter, name="enter"),
        path("staff/what-to-run/", entering.what_to_run, name="what_to_run"),
        path("staff/what-to-run/from-sheet/", entering.from_sheet, name="from_sheet"),
    ],
    "owner",
)
