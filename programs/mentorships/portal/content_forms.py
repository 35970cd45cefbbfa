"""Forms in which the people of a mentorship write goals and notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chiron.kernel.ids import uuid7
from programs.mentorships.content.reading import text_of
from programs.mentorships.models import Goal, Note
from programs.mentorships.portal.touch_forms import Refusable

NO_PATIENTS = _("Leave out whatever could identify a patient.")


class WordsForm(Refusable):
    """Words that are new (`key` keeps a form that is sent twice from writing them twice) or that are changed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, row: Goal | Note | None = None) -> None:
        super().__init__(data)
        if row is not None:
            shared = isinstance(row, Note) and row.shared
            self.initial.update({"text": text_of(row), "revision": row.revision, "shared": shared})

    def send_over(self, row: Goal | Note) -> None:
        """Have what was typed replace what stands there now, once it is sent again."""
        self.data = {**{name: self.data[name] for name in self.data}, "revision": row.revision}


class GoalForm(WordsForm):
    """One goal, as a sentence."""

    text = forms.CharField(
        label=_("A goal, in one sentence"),
        help_text=NO_PATIENTS,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write a sentence.")},
    )

    def clean_text(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["text"].split())


class NoteForm(WordsForm):
    """A note, and whether the others read it."""

    text = forms.CharField(
        label=_("Your note"),
        help_text=NO_PATIENTS,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write something.")},
    )
    shared = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, row: Note | None = None, label: str) -> None:
        super().__init__(data, row=row)
        self.fields["shared"].label = label
