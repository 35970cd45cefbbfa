"""Addresses of publishing, among those of the desk."""

from __future__ import annotations

from django.urls import path

from matching.publishing.portal import afterwards, changing, keeping, views

urlpatterns = [
    path("publish/", views.publish, name="publish"),
    path("publish/send-me/", views.send_me, name="send_me"),
    path("publish/fewer/", views.fewer, name="fewer"),
    path("publish/<uuid:publication>/stop/", views.stop, name="stop"),
    path("publish/<uuid:publication>/now/", views.now, name="now"),
    path("add/", changing.add, name="add"),
    path("change/<uuid:mentorship>/", changing.change, name="change"),
    path("next/<uuid:next_best>/", afterwards.next_best, name="next_best"),
    path("next/<uuid:next_best>/send/", afterwards.send_next, name="send_next"),
]

visitors = ([path("keep-me/<str:token>/", keeping.keep, name="keep")], "keep_me")
