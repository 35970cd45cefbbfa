"""Forms about mentorships."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.enrollment.portal.forms import MailField

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

    then = forms.ChoiceField(
        label=_("And somebody else?"),
        choices=[
            ("another", _("Gladly: suggest somebody else")),
            ("none", _("Nobody this session")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="another",
    )

    def none_this_session(self) -> bool:
        """Whether it is not about this one."""
        return bool(self.cleaned_data["then"] == "none")

    def reason(self) -> str:
        """What was said, as one line."""
        said = (self.cleaned_data["why"], self.cleaned_data["more"].strip())
        return " · ".join(part for part in said if part)[:200]


class AskForm(forms.Form):
    """The question to somebody of the directory."""

    words = forms.CharField(
        label=_("A few words to them"),
        help_text=_("Why you would like to meet, in two or three sentences. They read it with the question."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    talk_first = forms.BooleanField(
        label=_("I would like a first conversation before we both decide"), required=False, initial=True
    )


class KnownForm(forms.Form):
    """Somebody with whom one is a pair already."""

    email = MailField(
        label=_("Their mail address"), error_messages={"required": _("Type the mail address of the person you meet.")}
    )
