"""What people are written about a survey: one question, one button, and until when."""

from __future__ import annotations

from programs.surveys.links import link_for
from programs.surveys.models import Asked
from programs.surveys.sets import question_set
from tenants import outbox


def ask(asked: Asked) -> None:
    """Ask somebody to answer."""
    _write("survey_asked", asked)


def remind(asked: Asked) -> None:
    """Ask once more, before it closes."""
    _write("survey_reminder", asked)


def _write(template: str, asked: Asked) -> None:
    wave = asked.wave
    program = wave.cycle.program
    context = {
        "me": asked.person,
        "wave": wave,
        "questions": question_set(wave.name),
        "program": program,
        "session": wave.cycle.name,
        "link": link_for(asked),
    }
    outbox.mail(template, to=asked.person, context=context, reply_to=program.contact)
