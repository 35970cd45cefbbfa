"""Forms about invitations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.enrollment.portal.first_page import FactsForm
from programs.enrollment.portal.forms import MailField, NameField
from programs.invitations.choosing import INTERESTED, LIST, Choice
from programs.policy.document import Part
from programs.policy.models import Cycle
from programs.policy.states import STATES
from programs.policy.words import ROLES_OF, STAGES
from tenants.people.models import Person


def roles_called(part: Part) -> list[tuple[str, str]]:
    """The roles of a part, in the society's words."""
    return [(role, part.roles[role].called) for role in ROLES_OF[part.format]]


class RoleField(forms.ChoiceField):
    """In which role; the choices come with the session."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}, **more)


def _words() -> forms.CharField:
    return forms.CharField(
        label=_("Words of your own"),
        help_text=_("They stand in the mail above everything else. Two sentences are plenty."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _years(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=80,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
        error_messages={"invalid": _("Write a whole number, like 2.")},
    )


def _hold(form: forms.Form, person: Person | None) -> None:
    """Whoever is picked from the list keeps their name, and their address if one is known."""
    if person is not None:
        for name in ("given_name", "family_name", "email"):
            form.fields[name].disabled = bool(person.email) or name != "email"


class OfSession(forms.Form):
    """A form that asks for a role of a session."""

    def __init__(self, *args: Any, part: Part, **more: Any) -> None:
        super().__init__(*args, **more)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = roles_called(part)


class InviteForm(OfSession):
    """One person to invite."""

    given_name = NameField(label=_("First name"), max_length=80)
    family_name = NameField(label=_("Last name"), max_length=80, required=False)
    email = MailField(label=_("Mail address"))
    role = RoleField(label=_("As"))
    words = _words()

    def __init__(self, *args: Any, person: Person | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        _hold(self, person)


class ChoiceForm(OfSession):
    """Whom to invite, all at once."""

    role = RoleField(label=_("As"))
    source = forms.ChoiceField(
        label=_("From"),
        choices=[(LIST, _("the membership list")), (INTERESTED, _("those who said they are interested"))],
        widget=forms.RadioSelect,
    )
    stage = forms.ChoiceField(
        label=_("Career stage"), choices=[("", _("Any")), *((stage, stage) for stage in STAGES)], required=False
    )
    specialty = forms.ChoiceField(label=_("Specialty"), required=False)
    state = forms.ChoiceField(label=_("Works or studies in"), required=False)
    zip_begins = forms.RegexField(
        r"^\d{1,5}$",
        label=_("ZIP codes that begin with"),
        help_text=_("Such as 94 or 945."),
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={"invalid": _("Type one to five digits.")},
    )
    years_least = _years(_("Years since training, at least"))
    years_most = _years(_("Years since training, at most"))
    by_rules = forms.BooleanField(label=_("Leave out whom the program’s rules refuse"), required=False, initial=True)
    in_focus = forms.BooleanField(label=_("Only those whom the program seeks"), required=False)

    def __init__(self, *args: Any, part: Part, whole_society: bool, **more: Any) -> None:
        super().__init__(*args, part=part, **more)
        if not whole_society:
            for name in ("source", "specialty", "state", "zip_begins", "years_least", "years_most", "by_rules"):
                del self.fields[name]
        else:
            self._offer("specialty", "specialty", {})
            self._offer("state", "roster__practice_state", STATES)
        if not part.focus or not whole_society:
            del self.fields["in_focus"]

    def _offer(self, name: str, column: str, called: Mapping[str, str]) -> None:
        """What stands in a column of the list, to choose from; nothing there, nothing to choose."""
        listed = Person.objects.filter(on_roster_since__isnull=False).exclude(**{f"{column}__isnull": True})
        values = sorted({value for value in listed.values_list(column, flat=True).distinct() if value})
        if not values:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", str(_("Any"))), *((value, called.get(value, value)) for value in values)]

    def said(self) -> list[tuple[str, Any]]:
        """What was chosen, for another form to carry along; a box that is not ticked is not there."""
        values = ((name, self.cleaned_data.get(name)) for name in self.fields)
        return [(name, "on" if value is True else value) for name, value in values if value not in (None, "", False)]

    def choice(self) -> Choice:
        """What was chosen; without a role for the whole society, only those who are interested."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "role"}
        return Choice(**({"source": INTERESTED} | said))


class WordsForm(forms.Form):
    """What staff add to a mail."""

    words = _words()


class NominateForm(OfSession):
    """A colleague whom a member would like to see in the program."""

    given_name = NameField(label=_("Their first name"), max_length=80)
    family_name = NameField(label=_("Their last name"), max_length=80)
    email = MailField(
        label=_("Their mail address"), help_text=_("If you know it. Staff find it otherwise."), required=False
    )
    role = RoleField(label=_("As"))
    sentence = forms.CharField(
        label=_("Why them?"),
        help_text=_("One sentence. Only staff read it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("One sentence, so that staff know why.")},
    )
    may_name = forms.BooleanField(label=_("They may know that it was me"), required=False)


class SpokenForm(FactsForm):
    """Who is on the phone, and the facts that decide."""

    given_name = NameField(label=_("First name"), max_length=80)
    family_name = NameField(label=_("Last name"), max_length=80, required=False)
    email = MailField(label=_("Mail address"), help_text=_("We write to it, and they say yes there."))
    role = RoleField(label=_("As"))
    field_order = ["given_name", "family_name", "email", "role"]

    def __init__(self, *args: Any, cycle: Cycle, person: Person | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        _hold(self, person)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = roles_called(cycle.settings)
