"""Addresses for visitors and members, on a society's host."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from programs.enrollment.portal import joining, me, programs


class RoleConverter(StringConverter):
    """A role of some format."""

    regex = "mentor|mentee|early|middle|senior|peer"


register_converter(RoleConverter, "role")

app_name = "enrollment"
urlpatterns = [
    path("programs/", programs.listing, name="programs"),
    path("programs/<slug:slug>/", programs.program, name="program"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/", joining.who, name="who"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/questions/", joining.questions, name="questions"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/done/", joining.signed_up, name="signed_up"),
    path("sessions/<uuid:pk>/sign-up/<role:role>/leave/", joining.leave, name="leave"),
    path("me/", me.me, name="me"),
]
