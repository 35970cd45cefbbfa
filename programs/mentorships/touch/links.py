"""Answers as links of a mail: each leads one person to one answer, which only a button gives."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from chiron.kernel import signing
from programs.mentorships.models import Participation, Word
from programs.mentorships.selectors import shown_to
from tenants import context
from tenants.models import Society

PURPOSE = "mentorship.word"


def word_link(participation: Participation, said: Word.Said) -> str:
    """The whole address, for a mail; it works until a month after the session ends."""
    society, last_day = _here(), participation.mentorship.cycle.ends_on + timedelta(days=30)
    until = datetime.combine(last_day, time.max, tzinfo=UTC)
    token = signing.seal([str(participation.pk), said.value], purpose=PURPOSE, society=society.pk, until=until)
    return society.url(reverse("mentorships:word", args=[token]))


def word_by(token: str) -> tuple[Participation, Word.Said]:
    """Whose answer this is, and which; signing.Expired after its time, Http404 for what is no link of ours."""
    pk, said = signing.unseal(token, purpose=PURPOSE, society=_here().pk)
    return get_object_or_404(shown_to(Participation.objects.all()), pk=UUID(pk)), Word.Said(said)


def _here() -> Society:
    society = context.current()
    assert society is not None, "A mentorship belongs to a society."
    return society
