"""Sending a survey, answering it, asking once more, and closing it.

Without names, what is answered goes into a box that is shuffled with every sheet, and who answered stands elsewhere,
without a time. Nothing is told before the end. Then what may be told is added up, and boxes, drafts and the list of who
was asked are deleted: from there on nobody can work out more, by whatever rows or copies of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from secrets import SystemRandom
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.policy.models import Cycle
from programs.surveys import mails
from programs.surveys.conditions import Answers
from programs.surveys.models import Asked, Box, Comment, Draft, Instrument, InstrumentVersion, Response, Wave
from programs.surveys.privacy import Sheet, may_be_told, outcome, roles_told
from programs.surveys.services import begin, finish, version_of
from programs.surveys.sets import MAY_QUOTE, counted, options, question_set, said
from tenants import audit, context, due
from tenants.people.models import Person

# The end of a survey, by its id; asking once more, by its id and how often it was asked before.
CLOSES, REMINDS = "survey.closes", "survey.reminds"
PURPOSE: Final = Instrument.Purpose.OUTCOME
# A box holds about so many sheets: few enough to be written anew at once, enough to be lost among.
MOST_IN_A_BOX: Final = 200
_dice = SystemRandom()
Limit = Callable[[Wave, Sequence[Asked]], Sequence[Asked]]
_limits: list[Limit] = []


def survey_version(instrument: str) -> InstrumentVersion:
    """The questions of a survey as they stand now."""
    questions = question_set(instrument).questions
    return version_of(purpose=PURPOSE, program=None, name=instrument, questions=questions)


@transaction.atomic
def send_survey(*, cycle: Cycle, position: int, people: Iterable[tuple[Person, str]], by: Person | None) -> Wave:
    """Ask people of a session, each in a role; sent again, it is the same survey. DomainError if there is nobody."""
    Cycle.objects.select_for_update(of=["self"]).get(pk=cycle.pk)
    if sent := Wave.objects.filter(cycle=cycle, position=position).first():
        return sent
    roles: dict[Person, str] = {}
    for person, role in people:
        roles.setdefault(person, role)
    if not roles:
        raise DomainError(_("Nobody has been introduced in this session, so there is nobody to ask."))
    survey, today = cycle.settings.surveys[position], clock.today(zone())
    wave = Wave.objects.create(
        cycle=cycle,
        position=position,
        version=survey_version(survey.instrument),
        name=survey.instrument,
        moment=survey.wave,
        anonymous=survey.anonymous,
        sent_at=clock.now(),
        closes_on=survey.closes_after.after(today),
    )
    if wave.anonymous:
        Box.objects.create(wave=wave)
    asked = Asked.objects.bulk_create(Asked(wave=wave, person=person, role=role) for person, role in roles.items())
    for each in asked:
        mails.ask(each)
    due.schedule(CLOSES, str(wave.pk), at=_midnight_after(wave.closes_on))
    for number, at in enumerate(_reminders(today, wave.closes_on, survey.reminders)):
        due.schedule(REMINDS, f"{wave.pk}:{number}", at=at)
    audit.record("survey.sent", subject=wave, actor=by, people=len(asked))
    return wave


def limits_reminders(limit: Limit) -> Limit:
    """Register who else writes to these people: asked with whom a reminder would go to, it says who gets it."""
    _limits.append(limit)
    return limit


@transaction.atomic
def remind(*, wave: Wave) -> None:
    """Ask those once more who have not answered, as far as they are not written to too often; nothing once it is over.

    Whoever is left out gets the next reminder, if there is one: it is no mail to be made up for.
    """
    if not is_open(wave):
        return
    people: Sequence[Asked] = list(wave.people.filter(answered=False).select_related("person"))
    for limit in _limits:
        people = limit(wave, people)
    for each in people:
        each.wave = wave
        mails.remind(each)


def is_open(wave: Wave) -> bool:
    """Whether a survey takes answers; its last day ends at midnight where the society is."""
    return wave.closed_at is None and clock.today(zone()) <= wave.closes_on


def begun(asked: Asked, draft: UUID | None) -> Answers:
    """What somebody has answered so far: under their name, or in the browser that knows the draft."""
    if asked.wave.anonymous:
        mine = Draft.objects.filter(pk=draft, wave=asked.wave_id).first() if draft else None
        return mine.answers if mine else {}
    response = Response.objects.filter(person=asked.person_id, occasion=asked.wave_id).first()
    return response.answers if response else {}


@transaction.atomic
def keep_draft(*, asked: Asked, answers: Answers, draft: UUID | None) -> UUID | None:
    """Keep what is not sent yet; without names it is found again only by the id that this answers.

    DomainError once the survey is over, or sent already without a name.
    """
    wave, mine = _lock(asked)
    if not wave.anonymous:
        _response(mine, answers)
        return None
    if mine.answered:
        raise DomainError(_("Your answers are sent already. Nobody knows any more which ones are yours."))
    kept = Draft.objects.filter(pk=draft, wave=wave).first() if draft else None
    kept = kept or Draft(wave=wave)
    kept.answers = answers
    kept.save()
    return kept.pk


@transaction.atomic
def send_answers(*, asked: Asked, answers: Answers, draft: UUID | None = None) -> None:
    """Take somebody's answers; without names a second time changes nothing. DomainError once the survey is over."""
    wave, mine = _lock(asked)
    if wave.anonymous and mine.answered:
        return
    if not answers:
        raise DomainError(_("Nothing is answered yet. Answer what you like, and leave out the rest."))
    if wave.anonymous:
        _put(wave, {"role": mine.role, "answers": answers})
        if draft:
            Draft.objects.filter(pk=draft, wave=wave).delete()
    else:
        finish(response=_response(mine, answers))
        audit.record("survey.answered", subject=wave, actor=mine.person)
    mine.answered = True
    mine.save(update_fields=["answered"])


@transaction.atomic
def close_survey(*, wave: Wave) -> Wave:
    """Add up what may be told, and delete everything by which more could be known; a second time changes nothing."""
    locked = Wave.objects.select_for_update(of=["self"]).select_related("version").get(pk=wave.pk)
    if locked.closed_at:
        return locked
    sheets = _sheets(locked)
    answered = Counter(sheet["role"] for sheet in sheets)
    asked = Counter(locked.people.values_list("role", flat=True))
    locked.answered = dict(answered)
    # Whoever left the society meanwhile is no longer on the list, and their answers cannot be told from others'.
    locked.asked = {role: max(count, answered[role]) for role, count in (asked | answered).items()}
    locked.outcome = _outcome(locked, sheets)
    locked.closed_at = clock.now()
    locked.save()
    _keep_comments(locked, sheets, answered)
    for rest in (locked.boxes, locked.drafts, locked.people):
        rest.all().delete()
    Response.objects.filter(occasion=locked.pk, finished_at=None).delete()
    audit.record("survey.closed", subject=locked, asked=sum(locked.asked.values()), answered=answered.total())
    return locked


def zone() -> tzinfo:
    """The society's time zone."""
    society = context.current()
    assert society is not None, "A survey belongs to a society."
    return society.zone


def morning(day: date) -> datetime:
    """Nine in the morning, when people read mail."""
    return datetime.combine(day, time(9), tzinfo=zone())


def _lock(asked: Asked) -> tuple[Wave, Asked]:
    """The survey and somebody's place in it, both locked, in this order; DomainError once it is over."""
    wave = Wave.objects.select_for_update(of=["self"]).select_related("version").get(pk=asked.wave_id)
    mine = Asked.objects.select_for_update(of=["self"]).select_related("person").filter(pk=asked.pk).first()
    if mine is None or not is_open(wave):
        day = date_format(wave.closes_on, "F j")
        raise DomainError(_("This survey closed at the end of %(day)s. Thank you all the same.") % {"day": day})
    mine.wave = wave
    return wave, mine


def _put(wave: Wave, sheet: Mapping[str, Any]) -> None:
    """Put a sheet into a box and shuffle it; the survey is locked, so nobody puts in another meanwhile.

    Where boxes are full all sheets are dealt anew with one box more, so that no box is of an earlier day than others.
    """
    boxes = list(wave.boxes.select_for_update())
    if sum(len(box.sheets) for box in boxes) < MOST_IN_A_BOX * len(boxes):
        changed = [_dice.choice(boxes)]
        changed[0].sheets.append(sheet)
    else:
        sheets = [sheet, *(each for box in boxes for each in box.sheets)]
        changed = [*boxes, Box.objects.create(wave=wave)]
        _dice.shuffle(sheets)
        for number, box in enumerate(changed):
            box.sheets = sheets[number :: len(changed)]
    for box in changed:
        _dice.shuffle(box.sheets)
        box.save(update_fields=["sheets"])


def _sheets(wave: Wave) -> list[dict[str, Any]]:
    """Every sheet of a survey, in no order; with its person where it was asked under names."""
    if wave.anonymous:
        found = [sheet for box in wave.boxes.all() for sheet in box.sheets]
    else:
        roles = dict(wave.people.values_list("person_id", "role"))
        responses = Response.objects.filter(occasion=wave.pk, person__in=roles).exclude(finished_at=None)
        found = [
            {"role": roles[each.person_id], "answers": each.answers, "person": each.person_id} for each in responses
        ]
    _dice.shuffle(found)
    return found


def _outcome(wave: Wave, sheets: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    asked = list(counted(wave.version.questions))
    counts = [
        Sheet(
            sheet["role"],
            {
                question.ask: str(value)
                for question, blank in asked
                if (value := sheet["answers"].get(question.ask, {}).get(blank.name)) is not None
            },
        )
        for sheet in sheets
    ]
    return outcome(counts, {question.ask: list(options(blank)) for question, blank in asked}).kept()


def _keep_comments(wave: Wave, sheets: Iterable[Mapping[str, Any]], answered: Counter[str]) -> None:
    """What people wrote; without names only where enough answered, and with a role only where that tells nothing."""
    if wave.anonymous and not may_be_told(answered.total()):
        return
    with_role = not wave.anonymous or roles_told(answered)
    comments = [
        Comment(
            wave=wave,
            ask=question.ask,
            text=text,
            role=sheet["role"] if with_role else "",
            may_quote=bool(sheet["answers"][question.ask].get(MAY_QUOTE)),
            person_id=sheet.get("person"),
        )
        for sheet in sheets
        for question, blank in said(wave.version.questions)
        if (text := sheet["answers"].get(question.ask, {}).get(blank.name))
    ]
    _dice.shuffle(comments)
    Comment.objects.bulk_create(comments)


def _response(mine: Asked, answers: Answers) -> Response:
    """Somebody's answers under their name, which they may change until the survey closes."""
    wave = mine.wave
    response = begin(
        person=mine.person,
        purpose=PURPOSE,
        program=None,
        name=wave.name,
        questions=wave.version.questions,
        occasion=wave.pk,
    )
    response.answers, response.changed_at = dict(answers), clock.now()
    response.save(update_fields=["answers", "changed_at"])
    return response


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone())


def _reminders(first: date, last: date, count: int) -> list[datetime]:
    """The mornings of asking once more, spread evenly over a survey's days."""
    days = (last - first) / (count + 1)
    return [morning(first + days * number) for number in range(1, count + 1)]
