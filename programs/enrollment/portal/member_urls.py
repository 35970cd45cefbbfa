"""Addresses for visitors and members, on a society's host."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from programs.enrollment.portal import (
    afterwards,
    availability,
    files,
    first_visit,
    fitting,
    joining,
    me,
    other_address,
    paper,
    programs,
)


class RoleConverter(StringConverter):
    """A role of some format."""

    regex = "mentor|mentee|early|middle|senior|peer"


register_converter(RoleConverter, "role")

app_name = "enrollment"
urlpatterns = [
    path("programs/", programs.listing, name="programs"),
    path("programs/<slug:slug>/", programs.program, name="program"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/", joining.who, name="who"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/not-this/", joining.not_this, name="not_this"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/questions/", joining.questions, name="questions"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/questions/<slug:ask>/", joining.question, name="question"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/check/", joining.check, name="check"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/paper/", paper.paper, name="paper"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/done/", afterwards.signed_up, name="signed_up"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/agree/", first_visit.agreements, name="agree"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/leave/", afterwards.leave, name="leave"),
    path("fits/", fitting.fits, name="fits"),
    path("files/<uuid:pk>/", files.upload, name="upload"),
    path("me/", me.me, name="me"),
    path("me/stage/", me.stage, name="stage"),
    path("me/other-address/", other_address.other_address, name="other_address"),
    path("me/other-address/code/", other_address.code, name="other_address_code"),
    path("me/availability/", availability.availability, name="availability"),
    path("me/availability/pause/", availability.pause, name="pause"),
    path("me/availability/back/", availability.back, name="back"),
    path("me/availability/room/", availability.say_room, name="say_room"),
    path("me/availability/most/", availability.most, name="most"),
    path("back/<str:token>/", availability.back_by_link, name="back_by_link"),
]
