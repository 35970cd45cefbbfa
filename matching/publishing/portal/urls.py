"""Addresses of publishing, among those of the desk."""

from __future__ import annotations

from django.urls import path

from matching.publishing.portal import views

urlpatterns = [
    path("publish/", views.publish, name="publish"),
    path("publish/send-me/", views.send_me, name="send_me"),
    path("publish/<uuid:publication>/stop/", views.stop, name="stop"),
    path("publish/<uuid:publication>/now/", views.now, name="now"),
]
