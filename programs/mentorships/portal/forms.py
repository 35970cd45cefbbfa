"""Forms about mentorships."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

REASONS = [
    (_("I have no time just now"), _("I have no time just now")),
    (_("We know each other, or work too closely together"), _("We know each other, or work too closely together")),
    (_("I had hoped for somebody with another experience"), _("I had hoped for somebody with another experience")),
    ("", _("I would rather not say")),
]


class DeclineForm(forms.Form):
    """Why not this one. Nobody has to say."""

    why = forms.ChoiceField(
        label=_("May we ask why?"), choices=REASONS, widget=forms.RadioSelect, required=False, initial=""
    )
    more = forms.CharField(
        label=_("Anything that helps us find somebody who suits you"),
        max_length=140,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def reason(self) -> str:
        """What was said, as one line."""
        said = (self.cleaned_data["why"], self.cleaned_data["more"].strip())
        return " · ".join(part for part in said if part)[:200]
