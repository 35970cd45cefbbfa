"""Addresses about next sessions: pages by the link of a mail, and the staff's."""

from __future__ import annotations

from django.urls import path

from programs.renewing.portal import answering, staff

visitors = (
    [
        path("again/<str:token>/", answering.answer, name="answer"),
        path("again/<str:token>/with/<uuid:pk>/", answering.together, name="together"),
        path("again/<str:token>/<slug:role>/<slug:ask>/", answering.question, name="question"),
    ],
    "renewing",
)
sessions = (
    [
        path("sessions/<uuid:pk>/next/", staff.prepare, name="prepare"),
        path("sessions/<uuid:pk>/next/answers/", staff.answers, name="answers"),
        path("sessions/<uuid:pk>/next/write/", staff.write, name="write"),
    ],
    "next_session",
)
