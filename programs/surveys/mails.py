"""What people are written about a survey: one question, one button, and until when."""

from __future__ import annotations

from programs.surveys.links import link_for
from programs.surveys.models import Asked, Wave
from programs.surveys.sets import question_set
from tenants import outbox
from tenants.people.models import Person


def ask(asked: Asked) -> None:
    """Ask somebody to answer."""
    _ask("survey_asked", asked)


def remind(asked: Asked) -> None:
    """Ask once more, before it closes."""
    _ask("survey_reminder", asked)


def sample(wave: Wave, *, to: Person, link: str, reminds: bool) -> None:
    """The same mails to a member of the staff alone; their button leads to the questions, and nothing is answered."""
    for template in ("survey_asked", "survey_reminder") if reminds else ("survey_asked",):
        _write(template, wave, to, link)


def _ask(template: str, asked: Asked) -> None:
    _write(template, asked.wave, asked.person, link_for(asked))


def _write(template: str, wave: Wave, to: Person, link: str) -> None:
    program = wave.cycle.program
    context = {
        "me": to,
        "wave": wave,
        "questions": question_set(wave.name),
        "program": program,
        "session": wave.cycle.name,
        "link": link,
    }
    outbox.mail(template, to=to, context=context, reply_to=program.contact)
