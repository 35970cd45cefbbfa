"""The form of one question: a page of a sign-up form or survey, made from what the policy says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.policy.document import Blank, Policy, Question
from programs.surveys.kinds import Offer, kind_of

WHO_SEES: Final = "who_sees"
NOBODY, PREFERENCE, MATCH = "figures", "preference", "match"
WHO_SEES_CHOICES: Final = (
    (NOBODY, _("Nobody: only for figures about the whole program")),
    (PREFERENCE, _("Nobody reads it, but you may use it to honor a preference; somebody may guess it")),
    (MATCH, _("Whoever I am matched with may read it too")),
)


class QuestionForm(forms.Form):
    """One question. `kept` is what was answered before, by blank."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        question: Question,
        policy: Policy,
        words: Callable[[Blank], Sequence[str]],
        kept: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.question, self.policy, self._kept = question, policy, kept or {}
        self.title, self.help = policy.filled(question.text), policy.filled(question.help or "")
        self._of: dict[str, tuple[Blank, str]] = {}
        for blank in question.blanks:
            self._add(blank, words(blank))

    @property
    def is_alone(self) -> bool:
        """Whether the one field says the question itself."""
        return len(self.fields) == 1 and not self.question.blanks[0].label

    def answers(self) -> dict[str, Any]:
        """What was said, by blank; a file is still one to be stored. Blanks that stayed empty are left out."""
        said: dict[str, Any] = {}
        for blank in self.question.blanks:
            kept = kind_of(blank).kept(blank, self._values(blank))
            if kept is not None:
                said[blank.name] = kept
            if blank.ask_who_sees and kept is not None:
                who = self.cleaned_data.get(f"{blank.name}-{WHO_SEES}") or NOBODY
                said.setdefault(WHO_SEES, {})[blank.name] = who
        return said

    def clean(self) -> dict[str, Any]:
        """What several fields of one blank say together."""
        for blank in self.question.blanks:
            for suffix, message in kind_of(blank).faults(blank, self._values(blank)):
                self.add_error(_name(blank, suffix), message)
        return self.cleaned_data

    def _add(self, blank: Blank, words: Sequence[str]) -> None:
        kind, kept = kind_of(blank), self._kept.get(blank.name)
        alone = len(self.question.blanks) == 1 and not blank.label
        used = self.policy.filled(blank.used_for or "")
        offer = Offer(
            blank=blank,
            label=blank.label or self.title,
            help=" ".join(filter(None, (self.help if alone else "", used))),
            words=words,
            kept=kept,
        )
        for suffix, field in kind.fields(offer).items():
            self.fields[_name(blank, suffix)] = field
            self._of[_name(blank, suffix)] = (blank, suffix)
        if kept is not None:
            for suffix, value in kind.initial(blank, kept).items():
                self.initial[_name(blank, suffix)] = value
        if blank.ask_who_sees:
            self._ask_who_sees(blank, offer.label)

    def _ask_who_sees(self, blank: Blank, label: str) -> None:
        name = f"{blank.name}-{WHO_SEES}"
        self.fields[name] = forms.ChoiceField(
            choices=WHO_SEES_CHOICES,
            widget=forms.RadioSelect,
            required=False,
            label=_("Who may see it? (%(what)s)") % {"what": label},
            error_messages={"invalid_choice": _("Choose from what is offered here.")},
        )
        self.initial[name] = self._kept.get(WHO_SEES, {}).get(blank.name, NOBODY)

    def _values(self, blank: Blank) -> dict[str, Any]:
        return {
            suffix: self.cleaned_data.get(name)
            for name, (of, suffix) in self._of.items()
            if of.name == blank.name and name in self.cleaned_data
        }


def readable(questions: Sequence[Question], answers: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Question, str]]:
    """Every question with its answer in words; empty where nothing was said."""
    for question in questions:
        said = answers.get(question.ask, {})
        lines = [
            (blank.label, kind_of(blank).said(blank, said[blank.name]))
            for blank in question.blanks
            if said.get(blank.name) is not None
        ]
        yield question, "; ".join(_beside(label, text) for label, text in lines)


def _beside(label: str | None, text: str) -> str:
    """An answer after what it answers."""
    if not label:
        return text
    return f"{label} {text}" if label.endswith("?") else f"{label}: {text}"


def _name(blank: Blank, suffix: str) -> str:
    return f"{blank.name}-{suffix}" if suffix else blank.name
