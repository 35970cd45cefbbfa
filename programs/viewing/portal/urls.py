"""Addresses of looks, in the staff area. What follows the slash is the address of a page of the portal."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from programs.viewing.portal import views


class PageConverter(StringConverter):
    """The rest of an address, empty for the portal's first page."""

    regex = ".*"


register_converter(PageConverter, "page")

app_name = "viewing"
urlpatterns = [
    path("programs/<slug:slug>/view-as/<int:part>/<slug:who>/<page:page>", views.of_program, name="program"),
    path("sessions/<uuid:pk>/view-as/<slug:who>/<page:page>", views.of_session, name="session"),
]
