"""Addresses of sessions, sign-ups and sheets in the staff area, as three lists to include."""

from __future__ import annotations

from django.urls import path

from programs.enrollment.portal import board, columns, directory, sheets, sign_ups, taking_out, waiting

sessions = (
    [
        path("sessions/<uuid:pk>/", board.board, name="board"),
        path("sessions/<uuid:pk>/move/", board.move, name="move"),
        path("sessions/<uuid:pk>/cancel/", board.cancel, name="cancel"),
        path("sessions/<uuid:pk>/dates/", board.dates, name="dates"),
        path("sessions/<uuid:pk>/settings/", board.settings, name="settings"),
        path("sessions/<uuid:pk>/people/", sign_ups.people, name="people"),
        path("sessions/<uuid:pk>/people/take-out/", taking_out.take_out, name="take_out"),
        path("sessions/<uuid:pk>/waiting/", waiting.waiting_list, name="waiting"),
        path("sessions/<uuid:pk>/waiting/draw/", waiting.draw, name="draw"),
        path("sign-ups/<uuid:pk>/", sign_ups.sign_up, name="sign_up"),
        path("sign-ups/<uuid:pk>/move-up/", waiting.move_up, name="move_up"),
    ],
    "sessions",
)
sheet_pages = (
    [
        path("people/import/", sheets.roster, name="roster"),
        path("sessions/<uuid:pk>/import/", sheets.sign_ups, name="sign_ups"),
        path("imports/<uuid:pk>/", sheets.preview, name="preview"),
        path("imports/<uuid:pk>/columns/", columns.columns, name="columns"),
        path("imports/<uuid:pk>/taken/", sheets.taken, name="taken"),
        path("imports/<uuid:pk>/stop/", sheets.stop, name="stop"),
        path("imports/<uuid:pk>/to-mend.csv", sheets.to_mend, name="to_mend"),
        path("imports/<uuid:pk>/every-row.csv", sheets.every_row, name="every_row"),
    ],
    "sheets",
)
people = (
    [
        path("people/", directory.people, name="people"),
        path("people/<uuid:pk>/", directory.person, name="person"),
    ],
    "directory",
)
