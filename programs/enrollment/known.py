"""What we know of somebody already, from other sign-ups and the society's list, so that nothing is asked twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from programs.enrollment.drafts import FIRST, LIST_OF_TEXTS, Draft, role_of
from programs.enrollment.models import Enrollment
from programs.policy.document import Question
from programs.policy.models import Cycle
from programs.surveys.forms import WHO_SEES
from programs.surveys.kinds import kind_of
from programs.surveys.models import Instrument, Response
from programs.surveys.services import Known
from tenants.people.models import Person

# What a mentor offers is not what the same person would like as a mentee.
OF_THE_ROLE: Final = frozenset({"aspects", "challenges", "places"})


@dataclass(frozen=True)
class Source:
    """A place in which answers are found: by question and blank, or by the fields of a participant."""

    called: str
    role: str
    by_question: Mapping[str, Mapping[str, Any]]
    by_field: Mapping[str, Any]

    def answers(self, question: Question, role: str) -> dict[str, Any]:
        """What it says of a question."""
        said = dict(self.by_question.get(question.ask, {}))
        for blank in question.blanks:
            name = blank.fills or blank.name
            bound = name in OF_THE_ROLE and self.role != role
            if blank.name not in said and name != LIST_OF_TEXTS and not bound and self.by_field.get(name):
                said[blank.name] = self.by_field[name]
        return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def sources_of(person: Person, here: Response) -> list[Source]:
    """Where answers of somebody are found, the best first: the first page, other sign-ups, the society's list."""
    first = dict(here.answers.get(FIRST, {}))
    found = [Source("", "", {}, first)]
    if person.biosketch:
        found.append(Source(_("your own page"), "", {}, {"biosketch": person.biosketch}))
    enrollments = list(
        Enrollment.objects.filter(person=person).select_related("cycle__program").order_by("-changed_at", "-pk")
    )
    named = {each.cycle_id: _called(each.cycle) for each in enrollments}
    sign_ups = Response.objects.filter(person=person, instrument__purpose=Instrument.Purpose.INTAKE)
    others = sign_ups.exclude(pk=here.pk).select_related("instrument")
    cycles = {cycle.pk: cycle for cycle in Cycle.objects.filter(pk__in=[each.occasion for each in others])}
    for response in others:
        cycle = cycles.get(response.occasion)
        called = named.get(response.occasion) or (_called(cycle) if cycle else "")
        found.append(Source(called, role_of(response), response.answers, _by_field(response)))
    for each in enrollments:
        facts = {**each.answers, **each.answers.get("extra", {})}
        found.append(Source(named[each.cycle_id], each.role, {}, facts))
    if person.on_roster_since is not None:
        found.append(Source(_("the membership list"), "", {}, person.roster))
    return found


def known_answers(draft: Draft, sources: Sequence[Source]) -> dict[str, Known]:
    """Every question that somebody has answered before so that the answer fits this form too."""
    known: dict[str, Known] = {}
    for question in draft.questions:
        for source in sources:
            said = source.answers(question, draft.role)
            if said and _fits(draft, question, said):
                known[question.ask] = Known(said, source.called)
                break
    return known


def hint(question: Question, role: str, sources: Sequence[Source]) -> dict[str, Any]:
    """What is known of a question whose answers do not fit as they are, to begin with."""
    return next((said for source in sources if (said := source.answers(question, role))), {})


def _fits(draft: Draft, question: Question, said: Mapping[str, Any]) -> bool:
    """Whether the form would take this answer as it is, and it was said who may see what asks for that."""
    if any(blank.ask_who_sees and blank.name in said for blank in question.blanks) and WHO_SEES not in said:
        return False
    data: dict[str, Any] = {}
    for blank in question.blanks:
        if blank.name in said:
            shown = kind_of(blank).initial(blank, said[blank.name])
            data |= {f"{blank.name}-{suffix}" if suffix else blank.name: value for suffix, value in shown.items()}
    for name, who in said.get(WHO_SEES, {}).items():
        data[f"{name}-{WHO_SEES}"] = who
    form = draft.form(question, data)
    return form.is_valid()


def _called(cycle: Cycle) -> str:
    values = {"program": cycle.program.name, "session": cycle.name}
    return _("your sign-up for %(program)s, %(session)s") % values


def _by_field(response: Response) -> dict[str, Any]:
    """The answers of a response by the fields that they fill, for forms that ask the same in other words."""
    return dict(_filled(response))


def _filled(response: Response) -> Iterator[tuple[str, Any]]:
    for question in response.version.questions:
        for blank in question.blanks:
            value = response.answers.get(question.ask, {}).get(blank.name)
            if value is not None and blank.fills:
                yield blank.fills, value
