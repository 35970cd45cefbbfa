"""Addresses of invitations, nominations and sign-ups by phone, as lists to include."""

from __future__ import annotations

from django.urls import path

from programs.invitations.portal import answering, by_phone, many, naming, reminding, staff

visitors = (
    [
        path("invitations/<str:token>/", answering.answer, name="answer"),
        path("invitations/<str:token>/no-more/", answering.no_more, name="no_more"),
        path("sign-ups/by-phone/<str:token>/", answering.spoken_sign_up, name="spoken"),
        path("programs/<slug:slug>/nominate/", naming.nominate, name="nominate"),
    ],
    "invitations",
)
invited = (
    [
        path("sessions/<uuid:pk>/invitations/", staff.invitations, name="list"),
        path("sessions/<uuid:pk>/invitations/one/", staff.one, name="one"),
        path("sessions/<uuid:pk>/invitations/many/", many.many, name="many"),
        path("invitations/<uuid:pk>/again/", staff.again, name="again"),
        path("invitations/<uuid:pk>/take-back/", staff.take_back, name="take_back"),
        path("invitations/rounds/<uuid:pk>/stop/", staff.stop, name="stop"),
        path("programs/<slug:slug>/nominations/", naming.nominated, name="nominations"),
        path("nominations/<uuid:pk>/set-aside/", naming.set_aside, name="set_aside"),
    ],
    "invited",
)
reminded = ([path("programs/<slug:slug>/agreements/remind/", reminding.remind, name="remind")], "reminding")
phone = (
    [
        path("sessions/<uuid:pk>/by-phone/", by_phone.start, name="start"),
        path("sign-ups/by-phone/<uuid:pk>/", by_phone.look, name="look"),
        path("sign-ups/by-phone/<uuid:pk>/questions/<slug:ask>/", by_phone.question, name="question"),
        path("sign-ups/by-phone/<uuid:pk>/take-away/", by_phone.take_away, name="take_away"),
    ],
    "by_phone",
)
