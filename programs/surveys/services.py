"""Beginning a set of questions, answering one of them, and finishing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.policy.document import Question
from programs.policy.models import Program
from programs.surveys.kinds.files import Checked
from programs.surveys.models import Instrument, InstrumentVersion, Response, Upload
from tenants import context
from tenants.people.models import Person


class AnsweredElsewhere(DomainError):
    """The question was answered otherwise since its page was opened; nothing of either answer is lost."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You have answered this in another window meanwhile, and that answer is kept. What you wrote here "
                "still stands below. Continue, and it replaces the other; leave this page, and the other stays."
            )
        )


@dataclass(frozen=True)
class Known:
    """Answers to a question that we know already, and where from."""

    answers: Mapping[str, Any]
    source: str


@transaction.atomic
def begin(
    *,
    person: Person,
    purpose: Instrument.Purpose,
    program: Program | None,
    name: str,
    questions: Sequence[Question],
    occasion: UUID,
    known: Mapping[str, Known] | None = None,
) -> Response:
    """Somebody's answers on an occasion, new or as they left them, with what is known filled in where nothing stands.

    They move to the questions' present wording; answers to questions that are gone stay, and are simply not read.
    """
    version = version_of(purpose=purpose, program=program, name=name, questions=questions)
    now = clock.now()
    response, _new = Response.objects.select_for_update(of=["self"]).get_or_create(
        instrument=version.instrument,
        occasion=occasion,
        person=person,
        defaults={"version": version, "begun_at": now, "changed_at": now},
    )
    fresh = {ask: each for ask, each in (known or {}).items() if ask not in response.answers}
    if fresh or response.version_id != version.pk:
        response.version = version
        response.answers |= {ask: dict(each.answers) for ask, each in fresh.items()}
        response.sources |= {ask: each.source for ask, each in fresh.items() if each.source}
        response.save(update_fields=["version", "answers", "sources"])
    return response


@transaction.atomic
def version_of(
    *, purpose: Instrument.Purpose, program: Program | None, name: str, questions: Sequence[Question]
) -> InstrumentVersion:
    """The version with exactly these questions; a new one where there is none."""
    content = [question.model_dump(mode="json", by_alias=True) for question in questions]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    found = InstrumentVersion.objects.select_related("instrument").filter(
        instrument__purpose=purpose, instrument__program=program, instrument__name=name
    )
    if version := found.filter(digest=digest).first():
        return version
    instrument, _new = Instrument.objects.select_for_update(of=["self"]).get_or_create(
        purpose=purpose, program=program, name=name, defaults={"created_at": clock.now()}
    )
    number = 1 + max(instrument.versions.values_list("number", flat=True), default=0)
    version, _new = InstrumentVersion.objects.get_or_create(
        instrument=instrument,
        digest=digest,
        defaults={"number": number, "content": content, "created_at": clock.now()},
    )
    return version


def stamp_of(response: Response, ask: str) -> str:
    """What a page remembers of a question's answer, so that it can tell whether another window changed it."""
    kept = json.dumps(response.answers.get(ask), sort_keys=True)
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


@transaction.atomic
def answer(*, response: Response, question: Question, said: Mapping[str, Any], stamp: str | None = None) -> Response:
    """Keep the answer to one question; an empty one says that it was left empty on purpose.

    AnsweredElsewhere if the page's stamp is of an older answer and this one says something else.
    """
    locked = Response.objects.select_for_update(of=["self"]).get(pk=response.pk)
    before = locked.answers.get(question.ask, {})
    kept = _with_files(locked, question, said, before)
    if stamp is not None and stamp != stamp_of(locked, question.ask) and kept != before:
        raise AnsweredElsewhere
    locked.answers[question.ask] = kept
    locked.sources.pop(question.ask, None)
    locked.changed_at = clock.now()
    locked.save(update_fields=["answers", "sources", "changed_at"])
    return locked


def finish(*, response: Response) -> Response:
    """Note that somebody has sent their answers. They may still be changed, and sent again."""
    response.finished_at = clock.now()
    response.save(update_fields=["finished_at"])
    return response


def _with_files(
    response: Response, question: Question, said: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers with files stored and known by their rows; without a new one the old one stays."""
    kept = dict(said)
    for blank in question.blanks:
        if blank.kind != "file":
            continue
        brought, old = kept.pop(blank.name, None), before.get(blank.name)
        if isinstance(brought, Checked):
            kept[blank.name] = _store(response, brought)
        elif brought is None and old:
            kept[blank.name] = old
        if old and kept.get(blank.name) != old:
            _forget(response, old)
    return kept


def _store(response: Response, brought: Checked) -> dict[str, Any]:
    upload = Upload(response=response, name=brought.name, content_type=brought.content_type, size=len(brought.content))
    upload.brought_at = clock.now()
    upload.file.save(brought.name, ContentFile(brought.content), save=False)
    upload.save()
    return {"file": str(upload.pk), "name": upload.name}


def _forget(response: Response, kept: Mapping[str, Any]) -> None:
    """Delete a file once nothing can bring it back; one that another response still names stays."""
    upload = Upload.objects.filter(pk=kept["file"], response=response).first()
    if upload is None or Response.objects.exclude(pk=response.pk).filter(answers__icontains=kept["file"]).exists():
        return
    storage, name = upload.file.storage, upload.file.name
    upload.delete()
    context.after_commit(lambda: storage.delete(str(name)))
