"""All that a society keeps of one person, in words: what they said, signed up to, agreed to, and with whom they met.

What they answered in surveys is not among it: nobody can tell whose an answer is, so nobody can give it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.agreements.models import Agreed
from programs.enrollment.models import Enrollment
from programs.enrollment.portal.me import known_of
from programs.enrollment.showing import own_answers
from programs.mentorships.content.reading import Content, Line, contents
from programs.mentorships.models import Meeting, Participation
from programs.mentorships.selectors import shown_to
from programs.wishing.selectors import named_by
from tenants.people.models import Person


@dataclass(frozen=True)
class Section:
    """A heading, and what stands under it: lines with a label each; `place` where it can be proved by a certificate."""

    title: str
    lines: list[tuple[str, str]]
    place: Participation | None = None


def own_copy(person: Person) -> list[Section]:
    """Everything, the person first; a section for each sign-up and for each mentorship."""
    return [_about(person), *_sign_ups(person), *_agreed(person), *_mentorships(person)]


def places_that_ran(person: Person) -> list[Participation]:
    """Somebody's places in mentorships whose people were introduced, newest first."""
    mine = Participation.objects.filter(person=person, mentorship__introduced_at__isnull=False)
    return list(shown_to(mine).order_by("-mentorship__introduced_at"))


def _about(person: Person) -> Section:
    said = [
        (_("Name"), person.name),
        (_("Addressed as"), person.called),
        (_("Mail"), person.email),
        (_("Career stage"), person.stage),
        (_("Specialty"), person.specialty),
        (_("About you"), person.biosketch),
        *((_("Membership list: %s") % label, str(value)) for label, value in known_of(person)),
    ]
    return Section(_("About you"), [line for line in said if line[1]])


def _sign_ups(person: Person) -> Iterator[Section]:
    mine = Enrollment.objects.filter(person=person).select_related("person", "cycle__program", "cycle__version")
    for enrollment in mine.order_by("-signed_up_at", "pk"):
        title = _("%(program)s, %(session)s: your sign-up as %(role)s") % {
            "program": enrollment.cycle.program.name,
            "session": enrollment.cycle.name,
            "role": enrollment.role_called,
        }
        facts = [(_("Signed up"), _day(enrollment.signed_up_at)), (_("How it stands"), enrollment.stands)]
        named = ", ".join(each.person.name for each in named_by(enrollment))
        wishes = [(_("Whom you would like"), named)] if named else []
        yield Section(title, facts + [(said.label, said.text) for said in own_answers(enrollment)] + wishes)


def _agreed(person: Person) -> Iterator[Section]:
    agreed = Agreed.objects.filter(person=person).select_related("program").order_by("agreed_at", "name")
    lines = [(f"{each.program.name}, {each.title or each.name}, {_day(each.agreed_at)}", each.text) for each in agreed]
    if lines:
        yield Section(_("What you agreed to"), lines)


def _mentorships(person: Person) -> Iterator[Section]:
    places = places_that_ran(person)
    meetings: dict[object, list[Meeting]] = {}
    for meeting in Meeting.objects.filter(mentorship__in=[place.mentorship_id for place in places]).order_by("met_on"):
        meetings.setdefault(meeting.mentorship_id, []).append(meeting)
    wrote = contents(places)
    for place in places:
        lines = [*_of_mentorship(place, meetings.get(place.mentorship_id, [])), *_written(wrote[place.mentorship_id])]
        yield Section(_title(place), lines, place)


def _title(place: Participation) -> str:
    cycle = place.mentorship.cycle
    others = [each.person.name for each in place.mentorship.participations.all() if each.person_id != place.person_id]
    return _("%(program)s, %(session)s: with %(others)s") % {
        "program": cycle.program.name,
        "session": cycle.name,
        "others": ", ".join(others),
    }


def _of_mentorship(place: Participation, meetings: list[Meeting]) -> Iterator[tuple[str, str]]:
    mentorship = place.mentorship
    assert mentorship.introduced_at is not None, "Only mentorships that ran are told of."
    yield _("Your role"), mentorship.cycle.settings.roles[place.role].called
    yield _("Since"), _day(mentorship.introduced_at)
    if mentorship.ended_on:
        yield _("Until"), _day(mentorship.ended_on)
    for reason in place.why:
        yield _("Why the two of you"), reason
    for meeting in meetings:
        yield _("You met"), ", ".join(filter(None, (_day(meeting.met_on), meeting.mode, meeting.activity)))


def _written(content: Content) -> Iterator[tuple[str, str]]:
    """Their goals, and the notes that this person may read."""
    for goal in [*content.goals, *content.past]:
        yield _by(_("Goal"), goal), f"{goal.text} ({goal.stands})"
    for note in content.notes:
        yield _by(_("Note"), note), note.text


def _by(what: str, line: Line) -> str:
    return ", ".join(filter(None, (what, line.by, _day(line.day))))


def _day(day: date | datetime) -> str:
    return date_format(day, "F j, Y")
