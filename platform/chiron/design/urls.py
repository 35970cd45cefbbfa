"""The gallery's addresses. Included at `/design/` in development and demonstration only."""

from __future__ import annotations

from django.urls import path

from chiron.design import gallery

app_name = "design"
urlpatterns = [
    path("", gallery.gallery, name="gallery"),
    path("offer/", gallery.offer, name="offer"),
    path("desk/", gallery.desk, name="desk"),
    path("code/", gallery.code, name="code"),
    path("mail/", gallery.mail, name="mail"),
]
