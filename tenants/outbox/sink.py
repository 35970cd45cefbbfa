"""The mails of a demonstration. Nothing leaves the desk: a sink keeps them, and these pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

SHOWN = 200


@dataclass(frozen=True)
class Caught:
    """A mail as its reader would see it."""

    key: str
    sender: str
    recipient: str
    subject: str
    at: datetime | None
    text: str
    html: str


@require_safe
def caught_mails(request: HttpRequest) -> HttpResponse:
    """The newest mails, for everybody or for one address."""
    wanted = request.GET.get("to", "").strip().lower()
    mails = [mail for mail in newest() if wanted in mail.recipient.lower()]
    return render(request, "outbox/sink.html", {"mails": mails, "wanted": wanted})


@require_safe
def caught_mail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail in plain text, with its headers."""
    return render(request, "outbox/sink_mail.html", {"mail": find(key)})


@require_safe
def caught_html(request: HttpRequest, key: str) -> HttpResponse:
    """One mail as a mail program shows it: its own styles, no scripts, nothing from elsewhere."""
    return as_mail_programs_show(find(key).html)


def as_mail_programs_show(letter: str) -> HttpResponse:
    """A letter by itself: its own styles, no scripts, nothing from elsewhere."""
    response = HttpResponse(letter)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return response


urlpatterns = [
    path("", caught_mails, name="sink"),
    path("<str:key>/", caught_mail, name="sink_mail"),
    path("<str:key>/html/", caught_html, name="sink_html"),
]


def newest() -> list[Caught]:
    """The last mails that were caught, newest first."""
    files = sorted((box() / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [_read(file) for file in files[:SHOWN]]


def find(key: str) -> Caught:
    """One mail by the name of its file; a page not found if there is none."""
    # A name out of the folder's own list, so that no made-up name leads out of it.
    file = next((file for file in (box() / "new").glob("*") if file.name == key), None)
    if file is None:
        raise Http404
    return _read(file)


def box() -> Path:
    """The maildir that the sink writes to."""
    return settings.CHIRON_HOME / "mail"


def _read(file: Path) -> Caught:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    date = message["Date"]
    return Caught(
        key=file.name,
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        at=date.datetime if date else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if isinstance(part, EmailMessage) else ""
