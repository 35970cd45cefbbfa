"""The sign-up form of a part, made from its questions: what somebody fills in becomes answers of a participant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.enrollment.wording import WORDS
from programs.policy.document import Agreement, Blank, Part, Policy, Question
from programs.policy.states import STATES

AGREED = "agree"
LIST_OF_TEXTS = "goals"


@dataclass(frozen=True)
class Group:
    """A question with its fields, as a page shows them; a field that is `alone` says the question itself."""

    alone: bool
    title: str
    help: str
    fields: Sequence[forms.BoundField]


class IntakeForm(forms.Form):
    """The questions that a part asks in one role at one stage."""

    def __init__(self, data: Any = None, *, policy: Policy, part: Part, role: str, stage: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.policy, self.part, self.role, self.stage = policy, part, role, stage
        self.questions = [question for question in part.questions(role, stage) if question.ask != "stage"]
        self.agreements = [agreement for agreement in part.agree if role in agreement.by]
        for question in self.questions:
            for blank in question.blanks:
                self.fields[_name(question, blank)] = self._field(question, blank)
        for position, agreement in enumerate(self.agreements):
            self.fields[f"{AGREED}-{position}"] = _agreement_field(agreement)

    def groups(self) -> Iterator[Group]:
        """The questions in their order, each with its fields."""
        for question in self.questions:
            fields = [self[_name(question, blank)] for blank in question.blanks]
            text, hint = self.policy.filled(question.text), self.policy.filled(question.help or "")
            yield Group(_is_alone(question), text, hint, fields)

    def promises(self) -> Iterator[tuple[str, str, forms.BoundField]]:
        """What is agreed to: title, text and the box to tick."""
        for position, agreement in enumerate(self.agreements):
            text = self.policy.filled(agreement.text)
            yield agreement.title or str(_("We agree")), text, self[f"{AGREED}-{position}"]

    def answers(self) -> dict[str, Any]:
        """What was said, as a sign-up keeps it."""
        said: dict[str, Any] = {"stage": self.stage, "extra": {}}
        for question in self.questions:
            for blank in question.blanks:
                value = self.cleaned_data.get(_name(question, blank))
                if value in (None, "", [], False):
                    continue
                _put(said, blank, _stored(value))
        said["extra"]["agreed"] = [
            {"name": agreement.name or agreement.title, "version": agreement.version} for agreement in self.agreements
        ]
        if any(agreement.kind == "attestation" for agreement in self.agreements):
            said["attests"] = True
        return {name: value for name, value in said.items() if value not in ({}, "")}

    def _field(self, question: Question, blank: Blank) -> forms.Field:
        label = blank.label or self.policy.filled(question.text)
        common: dict[str, Any] = {"label": label, "required": blank.required, "error_messages": WORDS}
        if _is_alone(question):
            common["help_text"] = self.policy.filled(question.help or "")
        return _MAKERS[blank.kind](blank, self._choices(blank), common)

    def _choices(self, blank: Blank) -> list[tuple[str, str]]:
        if blank.choices_from is None:
            return [(choice, choice) for choice in blank.choices]
        offered = getattr(self.policy.choices, blank.choices_from)
        # Mentors are offered what any stage may want; others what concerns their own.
        stage = None if self.role == "mentor" else self.stage
        return [(word.name, word.name) for word in offered if stage is None or word.is_for(stage=stage)]


def initial_of(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What is known already, so that nothing is asked twice."""
    known: dict[str, Any] = {}
    for question in questions:
        for blank in question.blanks:
            value = answers.get(blank.fills) if blank.fills else answers.get("extra", {}).get(blank.name)
            if value not in (None, "", []):
                known[_name(question, blank)] = "\n".join(value) if blank.fills == LIST_OF_TEXTS else value
    return known


def _is_alone(question: Question) -> bool:
    return len(question.blanks) == 1 and not question.blanks[0].label


def _name(question: Question, blank: Blank) -> str:
    return f"{question.ask}-{blank.name}"


def _put(said: dict[str, Any], blank: Blank, value: Any) -> None:
    if blank.fills is None:
        said["extra"][blank.name] = value
    elif blank.fills == LIST_OF_TEXTS:
        said[LIST_OF_TEXTS] = [*said.get(LIST_OF_TEXTS, []), value]
    else:
        said[blank.fills] = value


def _stored(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _agreement_field(agreement: Agreement) -> forms.Field:
    """The box to tick, with the title, by which one of several is told from the others."""
    agrees = agreement.kind == "agreement"
    label = str(_("I agree") if agrees else _("I attest to this"))
    if agreement.title:
        label = f"{label}: {agreement.title}"
    return forms.BooleanField(
        label=label,
        error_messages={"required": _("Without this you cannot take part.")},
    )


def _text(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=200, **common)


def _prose(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), **common)


def _number(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    lowest = 1 if blank.fills == "places" else 0
    said = _saying(common, _("Write a whole number, like 2."))
    return forms.IntegerField(min_value=lowest, max_value=999, **said)


def _date(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    said = _saying(common, _("This is not a date. Write it like 2027-03-01."))
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **said)


def _choice(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)


def _choices(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)


def _tick(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(**common)


def _state(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Choose a state")), *sorted(STATES.items(), key=lambda s: s[1])], **common)


def _zip_code(blank: Blank, choices: list[tuple[str, str]], common: dict[str, Any]) -> forms.Field:
    attrs = {"inputmode": "numeric", "autocomplete": "postal-code"}
    said = _saying(common, _("A ZIP code has five digits, like 95608."))
    return forms.RegexField(r"^\d{5}$", widget=forms.TextInput(attrs=attrs), **said)


def _saying(common: dict[str, Any], invalid: object) -> dict[str, Any]:
    """The same, with a sentence about what cannot be read."""
    return common | {"error_messages": WORDS | {"invalid": invalid}}


_MAKERS = {
    "short text": _text,
    "long text": _prose,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "yes or no": _tick,
    "state": _state,
    "ZIP code": _zip_code,
}
