"""Who takes part in a rehearsal: people whom the program's own rules let in, and one whom they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any, Final

from chiron.kernel import clock
from programs.enrollment.answers import answers_of
from programs.enrollment.fitting import decision_of
from programs.policy.document import Part
from programs.policy.participant import Participant, RoleName
from programs.policy.places import codes_in, county_of
from programs.policy.rules import Answer, conditions
from programs.policy.words import IN_TRAINING, ROLES_OF, STAGES
from tenants.outbox.rehearsing import FOLLOWED
from tenants.people.models import Person

HOST: Final = "invented.example"
HOW_MANY: Final = {"mentor": 10, "mentee": 12}
OF_EACH: Final = 8  # where a part has other roles
NAMES: Final = (
    *("Ada Marsh", "Ben Okafor", "Clara Whitfield", "Dev Raman", "Elena Sorensen", "Felix Aguilar", "Grace Tanaka"),
    *("Hugo Laurent", "Ines Caldwell", "Jonas Pike", "Kira Novak", "Liam Abara", "Mina Castellan", "Noah Brandt"),
    *("Olive Serrano", "Pavel Hart", "Quinn Delacroix", "Rosa Lindholm", "Sami Haddad", "Tess Moreau"),
    *("Uma Fairchild", "Victor Salas", "Willa Greene", "Yusuf Demir"),
)
# Each works somewhere of their own, for colleagues are never matched.
EMPLOYERS: Final = tuple(
    f"{where} {what}"
    for what in ("Clinic", "Family Practice", "Hospital", "Health Center")
    for where in ("Harbor", "Hillcrest", "Lakeside", "Northgate", "Orchard", "Riverside")
)
FIELDS: Final = ("Family Medicine", "Internal Medicine", "Pediatrics", "Psychiatry")
# Where an invented person lives, if no rule of the program says so.
STATE_OF_ZONE: Final = {
    "America/Los_Angeles": "CA",
    "America/Denver": "CO",
    "America/Phoenix": "AZ",
    "America/Chicago": "MN",
    "America/New_York": "MA",
}
YEARS_SINCE_TRAINING: Final = (1, 4, 9, 20)


@dataclass(frozen=True)
class Invented:
    """Somebody who will sign up: in which role, and what is true of them."""

    role: str
    name: str
    email: str
    employer: str
    somebody: Participant

    def become_known(self) -> Person:
        """A member of the society, with what its list would say of them."""
        given, _space, family = self.name.partition(" ")
        now, said = clock.now(), self.somebody
        return Person.objects.create(
            given_name=given,
            family_name=family,
            email=self.email,
            stage=said.stage or "",
            specialty=said.specialty or "",
            membership_status=said.membership_status or "",
            roster={"membership_status": said.membership_status},
            on_roster_since=now,
            created_at=now,
        )

    def facts(self) -> dict[str, Any]:
        """What they tell on the first page of the form."""
        return answers_of(self.somebody)

    def on_the_form(self) -> Participant:
        """What they say where they are asked. Nobody mentors two, so each mentor is needed; of the two whose mail
        whoever rehearses reads, neither misses somebody because of where they would meet.
        """
        given, _space, family = self.name.partition(" ")
        return replace(
            self.somebody,
            given_name=given,
            family_name=family,
            employer=self.employer,
            places=1 if self.role == "mentor" else None,
            meeting_mode="either" if self.email in FOLLOWED else None,
        )


def invented_for(part: Part, on: date, zone: str) -> Iterator[Invented]:
    """Everybody of a rehearsal, as many of each role as fit; the last mentee is one whom the rules refuse, if any."""
    names = zip(NAMES, EMPLOYERS, strict=True)
    for role in ROLES_OF[part.format]:
        many = HOW_MANY.get(role, OF_EACH)
        fitting = _spread([each for each in _possible(part, role, on, zone) if _fits(part, role, each, on)])
        refused = [each for each in _possible(part, role, on, zone) if _refused(part, role, each, on)]
        if not fitting:
            continue
        for number in range(many):
            last = role == "mentee" and number == many - 1
            somebody = refused[0] if last and refused else fitting[number % len(fitting)]
            name, employer = next(names)
            yield Invented(role, name, _address(role, number, name), employer, somebody)


def _address(role: str, number: int, name: str) -> str:
    """The first mentor and the first mentee have those addresses whose mail whoever rehearses gets."""
    followed = f"{role}@{HOST}"
    if number == 0 and followed in FOLLOWED:
        return followed
    return f"{name.replace(' ', '.')}@{HOST}".lower()


def _fits(part: Part, role: str, somebody: Participant, on: date) -> bool:
    return decision_of(part, role, somebody, on).answer is Answer.YES


def _refused(part: Part, role: str, somebody: Participant, on: date) -> bool:
    return decision_of(part, role, somebody, on).answer is Answer.NO


def _spread(people: Sequence[Participant]) -> list[Participant]:
    """The same people, so that neighbors stand at different stages."""
    by_stage: dict[str | None, list[Participant]] = {}
    for each in people:
        by_stage.setdefault(each.stage, []).append(each)
    longest = max(map(len, by_stage.values()), default=0)
    return [some[place] for place in range(longest) for some in by_stage.values() if place < len(some)]


def _possible(part: Part, role: str, on: date, zone: str) -> Iterator[Participant]:
    """People at every stage, in the states that the program asks for, trained so long ago."""
    as_role: RoleName = "mentor" if role == "mentor" else "mentee"
    # Whoever guides is further along than whoever is guided, so each side is looked for from its own end.
    stages = reversed(STAGES) if role in ("mentor", "senior") else STAGES
    turn = 0
    for stage, years, state in product(stages, YEARS_SINCE_TRAINING, _states(part, role, zone)):
        training = stage in IN_TRAINING
        if training and years != YEARS_SINCE_TRAINING[0]:
            continue
        zips = _zips(state)
        yield Participant(
            key="",
            role=as_role,
            stage=stage,
            stage_ends_on=on + timedelta(days=400) if training else None,
            membership_status="active",
            specialty=None if stage in ("pre-med", "medical student") else FIELDS[turn % len(FIELDS)],
            training_completed_on=None if training else on - timedelta(days=365 * years - 30),
            training_state=state,
            practice_state=state,
            zip=zips[turn % len(zips)],
        )
        turn += 1


def _states(part: Part, role: str, zone: str) -> list[str]:
    """The states that a rule names, or where the society is."""
    rule = part.eligible.get(role)
    asked = [each for _path, each in conditions(rule)] if rule else []
    named = dict.fromkeys(state for each in asked if each.fact.name.endswith(".state") for state in each.values)
    return list(named) or [STATE_OF_ZONE.get(zone, "MA")]


@cache
def _zips(state: str) -> list[str]:
    """A few places of one county."""
    codes = codes_in(state)
    return [code for code in codes if county_of(code) == county_of(codes[0])][:6] or ["02139"]
