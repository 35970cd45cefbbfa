"""Addresses of programs in the staff area."""

from __future__ import annotations

from django.urls import path

from programs.policy.portal import settings, starting, versions, views

app_name = "programs"
urlpatterns = [
    path("programs/", views.programs, name="programs"),
    path("templates/", starting.choose, name="choose"),
    path("templates/from-file/", starting.from_file, name="from_file"),
    path("templates/<slug:name>/", starting.template, name="template"),
    path("programs/<slug:slug>/", views.program, name="program"),
    path("programs/<slug:slug>/new-session/", views.new_session, name="new_session"),
    path("programs/<slug:slug>/show/", views.show, name="show"),
    path("programs/<slug:slug>/copy/", starting.copy, name="copy"),
    path("programs/<slug:slug>/settings/", settings.settings, name="settings"),
    path("programs/<slug:slug>/settings/as-text/", settings.as_text, name="as_text"),
    path("programs/<slug:slug>/settings/logos/", settings.partner_logos, name="partner_logos"),
    path("programs/<slug:slug>/settings/parts/", settings.parts, name="parts"),
    path("programs/<slug:slug>/settings/<slug:name>/", settings.section_of_program, name="section"),
    path(
        "programs/<slug:slug>/settings/parts/<int:part>/<slug:name>/",
        settings.section_of_part,
        name="section_of_part",
    ),
    path("programs/<slug:slug>/versions/", versions.compare, name="compare"),
    path("programs/<slug:slug>/versions/<int:number>/", versions.version, name="version"),
    path("programs/<slug:slug>/versions/<int:number>/file/", versions.as_file, name="as_file"),
]
