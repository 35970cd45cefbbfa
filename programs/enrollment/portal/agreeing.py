"""What people agree to before they sign up: a box for each promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.agreements.services import digest_of
from programs.policy.document import Agreement, Policy
from programs.policy.document.texts import ADULT

AGREED = "agree"


class Promised(Protocol):
    """A sign-up, on its way or brought by staff, with what is agreed to for it."""

    @property
    def agreements(self) -> Sequence[Agreement]: ...
    @property
    def policy(self) -> Policy: ...


class UnderOneText(forms.CheckboxInput):
    """A box whose tick counts for the text that stood beside it, and for no other that took its place since."""

    def __init__(self, digest: str) -> None:
        super().__init__({"value": digest})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return bool(data.get(name) == self.attrs["value"])


class AgreeForm(forms.Form):
    """Every agreement of a sign-up. None is ticked beforehand."""

    def __init__(self, data: Any = None, *, draft: Promised) -> None:
        super().__init__(data)
        self.draft = draft
        for position, agreement in enumerate(draft.agreements):
            name = f"{AGREED}-{position}"
            self.fields[name] = box = _box(agreement, digest_of(agreement, draft.policy))
            if name in self.data:
                box.error_messages["required"] = _("This text has changed since you opened the page. Read it again.")

    def promises(self) -> Iterator[tuple[str, str, forms.BoundField]]:
        """What is agreed to: title, text and the box to tick."""
        for position, agreement in enumerate(self.draft.agreements):
            text = self.draft.policy.filled(agreement.text)
            yield agreement.title or str(_("We agree")), text, self[f"{AGREED}-{position}"]

    def agreed(self) -> list[Agreement]:
        """The agreements that were ticked."""
        return [
            agreement
            for position, agreement in enumerate(self.draft.agreements)
            if self.cleaned_data.get(f"{AGREED}-{position}")
        ]


def _box(agreement: Agreement, digest: str) -> forms.Field:
    """The box to tick, with the title, by which one of several is told from the others."""
    agrees = agreement.kind == "agreement"
    label = str(_("I agree") if agrees else _("I attest to this"))
    if agreement.title:
        label = f"{label}: {agreement.title}"
    without = _("This program is for people who are 18 or older; without this you cannot take part.")
    if agreement.name != ADULT:
        without = _("Without this you cannot take part.")
    return forms.BooleanField(label=label, widget=UnderOneText(digest), error_messages={"required": without})
