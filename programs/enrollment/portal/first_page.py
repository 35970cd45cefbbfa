"""The first page of a sign-up: the few facts that decide what fits somebody."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from chiron.kernel import clock
from programs.enrollment.answers import DAYS
from programs.enrollment.drafts import Draft
from programs.policy.participant import Participant
from programs.policy.states import STATES
from programs.policy.words import STAGES
from programs.surveys.kinds.numbers import DAYS as DAY_FORMATS
from programs.surveys.kinds.numbers import MONTHS
from tenants import context
from tenants.people.models import Person

BY_NAME: Final = [("", _("Choose a state")), *sorted(STATES.items(), key=lambda item: item[1])]
NO_MEMBER: Final = "not there yet"
MEMBERSHIPS: Final = (
    ("active", _("Yes")),
    ("retired", _("Yes, as a retired member")),
    ("student", _("Yes, as a student, resident or fellow")),
    (NO_MEMBER, _("No, or not yet")),
)
# What only somebody who asks a program for themselves can say; the society's list goes before it.
SAYS_MEMBER: Final = "says_member"
ALWAYS: Final = ("stage", "stage_ends_on")
FACTS: Final = (*ALWAYS, "member", "training_completed_on", "training_state", "practice_state")
# Years are mistyped: nobody completed their training longer ago, or studies for longer.
YEARS_BACK: Final = 80
YEARS_AHEAD: Final = 20
# What the rules read of the facts beside their own names.
READ: Final = (*FACTS, "training_completed_latest")


class FactsForm(forms.Form):
    """Three to five facts; those that no rule asks about are left out."""

    stage = forms.ChoiceField(
        label=_("Where are you in your career?"),
        choices=[(stage, stage) for stage in STAGES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the one that fits best.")},
    )
    stage_ends_on = forms.DateField(
        label=_("When do you expect to finish that?"),
        help_text=_("Only if you study or train: month and year, like 6/2028."),
        input_formats=MONTHS,
        widget=forms.DateInput(format="%m/%Y", attrs={"class": "short"}),
        required=False,
        error_messages={"invalid": _("Write a month and a year, like 6/2028.")},
    )
    member = forms.ChoiceField(
        label=_("Are you a member of the society?"),
        choices=MEMBERSHIPS,
        widget=forms.RadioSelect,
        required=False,
    )
    training_completed_on = forms.DateField(
        label=_("When did you complete your training?"),
        help_text=_("Residency, or fellowship if you did one: month and year, like 6/2019."),
        input_formats=[*MONTHS, *DAY_FORMATS],
        widget=forms.DateInput(format="%m/%Y", attrs={"class": "short"}),
        required=False,
        error_messages={"invalid": _("Write a month and a year, like 6/2019.")},
    )
    training_state = forms.ChoiceField(label=_("In which state?"), choices=BY_NAME, required=False)
    practice_state = forms.ChoiceField(label=_("In which state do you work or study?"), choices=BY_NAME, required=False)

    def __init__(self, *args: Any, wanted: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FACTS:
            if wanted is not None and name not in (*ALWAYS, *wanted):
                del self.fields[name]

    def clean_stage_ends_on(self) -> date | None:
        """A month that is not over: else we would ask right away whether it is."""
        day = self._plausible("stage_ends_on")
        if day is not None and (day.year, day.month) < (_today().year, _today().month):
            raise forms.ValidationError(_("This is over already. Write a month to come, or choose where you are now."))
        return day

    def clean_training_completed_on(self) -> date | None:
        """A month of somebody's working life."""
        return self._plausible("training_completed_on")

    def _plausible(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and not -YEARS_BACK <= day.year - _today().year <= YEARS_AHEAD:
            raise forms.ValidationError(_("Is the year right? Write it with four digits, like 6/2019."))
        return day

    def facts(self) -> dict[str, Any]:
        """What was said, as a sign-up keeps it."""
        said = {name: value for name in FACTS if (value := self.cleaned_data.get(name))}
        member = said.pop("member", None)
        said |= self._training(said.pop("training_completed_on", None))
        facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
        return facts | ({"extra": {SAYS_MEMBER: member}} if member else {})

    def _training(self, said: date | None) -> dict[str, date]:
        """A month is every day of it, unless it is the month of a day that we know."""
        known, latest = (self.initial.get(name) for name in ("training_completed_on", "training_completed_latest"))
        if said is None:
            return {}
        if said.day == 1 and isinstance(known, date) and (known.year, known.month) == (said.year, said.month):
            return {"training_completed_on": known} | ({"training_completed_latest": latest} if latest else {})
        last = said.replace(day=monthrange(said.year, said.month)[1]) if said.day == 1 else said
        return {"training_completed_on": said, "training_completed_latest": last}


def _today() -> date:
    society = context.current()
    return clock.today(society.zone) if society else clock.today()


def known_facts(person: Person | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the first page begins with: what was said before, and what the society knows."""
    known: dict[str, Any] = {}
    if person is not None:
        known |= _told(_latest_answers(person), but=ALWAYS)
        known |= _dated({name: person.roster[name] for name in FACTS if person.roster.get(name)}, known)
        known |= {"stage": person.stage} if person.stage else {}
        if person.stage_ends_on and person.stage == person.ending_stage:
            known["stage_ends_on"] = person.stage_ends_on.isoformat()
    known |= _dated(_told(facts), known)
    return {name: date.fromisoformat(value) if name in DAYS else value for name, value in known.items()}


def _told(said: Mapping[str, Any], *, but: Collection[str] = ()) -> dict[str, Any]:
    """The facts among what somebody said."""
    told = {name: value for name, value in said.items() if name in READ and name not in but and value}
    member = said.get("extra", {}).get(SAYS_MEMBER)
    return told | ({"member": member} if member else {})


def _dated(said: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What is said anew of the day of training, a day or a month, takes the place of what was known of it."""
    if "training_completed_on" in said:
        known.pop("training_completed_latest", None)
    return said


def _latest_answers(person: Person) -> Mapping[str, Any]:
    answers = person.enrollments.order_by("-changed_at", "-pk").values_list("answers", flat=True)
    return answers.first() or {}


def facts_said(draft: Draft) -> Iterator[tuple[str, str]]:
    """What the first page was told beside the stage, in words; what a question asks anew stands with its answer."""
    asked = {blank.fills for question in draft.asked for blank in question.blanks}
    said = {**draft.first, "member": draft.first.get("extra", {}).get(SAYS_MEMBER)}
    for name in FACTS:
        value = said.get(name)
        if value and name != "stage" and name not in asked:
            yield str(FactsForm.base_fields[name].label), _fact(name, str(value), said)


def _fact(name: str, value: str, said: Mapping[str, Any]) -> str:
    if name in DAYS:
        month_alone = name == "stage_ends_on" or said.get("training_completed_latest", value) != value
        return date_format(date.fromisoformat(value), "F Y" if month_alone else "F j, Y")
    return str(dict(MEMBERSHIPS).get(value, value)) if name == "member" else STATES.get(value, value)


def somebody(facts: Mapping[str, Any], person: Person | None) -> Participant:
    """Somebody as the rules see them by these facts; the society's own list decides who is a member."""
    said = {name: value for name, value in facts.items() if name in READ and name != "member"}
    values: dict[str, Any] = {
        name: date.fromisoformat(value) if name in DAYS else value for name, value in said.items()
    }
    listed = person.roster.get("membership_status") if person is not None and person.on_roster_since else None
    member = listed or facts.get("extra", {}).get(SAYS_MEMBER)
    return Participant(key="", role="mentee", membership_status=member, **values)
