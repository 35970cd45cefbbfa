"""Forms around publishing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from matching.publishing.models import Publication, Told
from matching.publishing.others import Case, words_for
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship
from programs.mentorships.services import zone

# When people read mail, if staff say only which day.
IN_THE_MORNING = time(9)


TELL = {
    Told.Kind.WAITS: lambda count: (
        ngettext("Write to %(count)d mentee who waits", "Write to %(count)d mentees who wait", count) % {"count": count}
    ),
    Told.Kind.NOT_NEEDED: lambda count: (
        ngettext(
            "Write to %(count)d mentor not needed this time", "Write to %(count)d mentors not needed this time", count
        )
        % {"count": count}
    ),
    Told.Kind.NOT_ELIGIBLE: lambda count: (
        ngettext(
            "Write to %(count)d person who cannot take part", "Write to %(count)d people who cannot take part", count
        )
        % {"count": count}
    ),
}


@dataclass(frozen=True)
class CaseFields:
    """Some of everybody else on the page: who they are, whether they are written to, and the paragraph."""

    case: Case
    tell: BoundField
    words: BoundField


class PlanForm(forms.Form):
    """How a draft is to be published."""

    asked_first = forms.ChoiceField(
        label=_("Who is asked first?"), choices=Publication.First.choices, widget=forms.RadioSelect
    )
    day = forms.DateField(
        label=_("On another day"),
        help_text=_("Leave it empty to let the mails leave half an hour after the button."),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    hour = forms.TimeField(
        label=_("At"),
        help_text=_("Without a time it is 9 in the morning."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
    )

    def __init__(self, data: Any = None, *, plan: Publication, cases: Sequence[Case] = ()) -> None:
        at = plan.wanted_at.astimezone(zone()) if plan.wanted_at else None
        initial = {"asked_first": plan.asked_first, "day": at and at.date(), "hour": at and at.time()}
        super().__init__(data, initial=initial)
        if plan.run.cycle.settings.in_groups:
            del self.fields["asked_first"]
        self.cases = [self._add(case, plan) for case in cases]

    def _add(self, case: Case, plan: Publication) -> CaseFields:
        """The tick and the paragraph of some of everybody else."""
        count = len(case.people)
        tell, words = f"tell_{case.kind}", f"words_{case.kind}"
        self.fields[tell] = forms.BooleanField(
            label=TELL[case.kind](count), required=False, initial=case.kind not in plan.left_out
        )
        self.fields[words] = forms.CharField(
            label=_("A paragraph of your own in it"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            initial=words_for(plan, case.kind),
        )
        return CaseFields(case, self[tell], self[words])

    def wanted_at(self) -> datetime | None:
        """The chosen moment, in the society's zone."""
        day = self.cleaned_data["day"]
        return datetime.combine(day, self.cleaned_data["hour"] or IN_THE_MORNING, tzinfo=zone()) if day else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("hour") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose the day as well."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """What it says, as the service takes it."""
        said = self.cleaned_data
        kinds = [each.case.kind for each in self.cases]
        return {
            "asked_first": said.get("asked_first", ""),
            "wanted_at": self.wanted_at(),
            "left_out": sorted(kind.value for kind in kinds if not said[f"tell_{kind}"]),
            "words": {kind.value: said[f"words_{kind}"].strip() for kind in kinds},
        }

    def says_otherwise(self, plan: Publication) -> bool:
        """Whether it says anything else than what was planned, and shown."""
        said = self.said()
        kinds = {each.case.kind.value for each in self.cases}
        return (
            (said["asked_first"], said["wanted_at"]) != (plan.asked_first, plan.wanted_at)
            or said["left_out"] != sorted(kinds & set(plan.left_out))
            or any(words != words_for(plan, kind) for kind, words in said["words"].items())
        )


class ChangeForm(forms.Form):
    """What becomes of a pair, or which two are added."""

    what = forms.ChoiceField(
        label=_("What should happen?"),
        choices=[("another", _("Another mentor for the mentee")), ("end", _("End this pair"))],
        widget=forms.RadioSelect,
    )
    mentee = forms.ChoiceField(label=_("Mentee"))
    mentor = forms.ChoiceField(label=_("Mentor"), required=False, help_text=_("Only mentors with a free place."))
    reason = forms.CharField(label=_("Why, for your colleagues"), max_length=200)
    words = forms.CharField(
        label=_("A few words to both"),
        help_text=_("They stand in the mails. Nobody reads why."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, free: Sequence[Enrollment], mentorship: Mentorship | None, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.people = {str(each.pk): each for each in free}
        for role in (Role.MENTEE, Role.MENTOR):
            field = self.fields[role]
            assert isinstance(field, forms.ChoiceField)
            mine = [each for each in free if each.role == role]
            mine.sort(key=lambda each: (each.person.family_name, each.person.given_name))
            field.choices = [("", _("Choose…")), *((str(each.pk), each.person.name) for each in mine)]
        if mentorship is None:
            del self.fields["what"], self.fields["words"]
            self.fields["mentor"].required = True
        else:
            del self.fields["mentee"]

    @property
    def is_an_end(self) -> bool:
        return bool(self.cleaned_data.get("what") == "end")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("what") == "another" and not said.get("mentor") and "mentor" not in self.errors:
            self.add_error("mentor", _("Choose a mentor."))
        return said

    def person(self, role: str) -> Enrollment:
        """Whom it names."""
        return self.people[self.cleaned_data[role]]
