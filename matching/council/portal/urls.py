"""Addresses of the council: under a session in the staff area, and the page of a ballot's mail."""

from __future__ import annotations

from django.urls import path

from matching.council.portal import deciding, staff, voting

app_name = "council"
urlpatterns = [
    path("", staff.council, name="council"),
    path("seats/<int:number>/", staff.seat, name="seat"),
    path("seats/<int:number>/free/", staff.free, name="free"),
    path("ballot/", staff.ballot, name="ballot"),
    path("ballot/day/", staff.day, name="day"),
    path("ballot/remind/", staff.remind_now, name="remind"),
    path("ballot/close/", staff.close, name="close"),
    path("ballot/call-off/", staff.stop, name="call_off"),
    path("look-again/", staff.look_again, name="look_again"),
    path("adopt/", deciding.adopt, name="adopt"),
    path("leave/", deciding.leave, name="leave"),
    path("vote/", staff.vote, name="vote"),
]

voters = (
    [
        path("council/<str:token>/", voting.vote, name="vote"),
        path("council/<str:token>/in-numbers/", voting.in_numbers, name="in_numbers"),
        path("council/<str:token>/take-back/", voting.take_back, name="take_back"),
    ],
    "council_vote",
)
