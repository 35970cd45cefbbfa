"""What forms say of a missing or impossible answer is said in the product's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client

from programs.enrollment.drafts import questions_of, words_of
from programs.enrollment.models import SheetImport
from programs.enrollment.portal.forms import DecideForm, SheetForm, SignUpSheetForm
from programs.enrollment.portal.interest import InterestForm
from programs.enrollment.portal.joining import WhoForm
from programs.enrollment.portal.me import ProfileForm
from programs.invitations.portal.forms import InviteForm, NominateForm, SpokenForm
from programs.mentorships.portal.forms import KnownForm
from programs.policy import templates
from programs.policy.document import Question
from programs.policy.editing.entries import Entry, Number, Weights
from programs.policy.portal.forms import CopyForm
from programs.surveys.forms import QuestionForm
from tenants.models import Society
from tenants.portal.forms import SocietyForm
from tests.factories.programs import TEMPLATES
from tests.programs.answering import WHO, answer_questions
from tests.programs.test_member_pages import open_session, signed_in

DJANGOS = re.compile(r"This field|Select a valid|Enter a|Ensure this|No file|submitted file|is not a valid")
LONG = "x" * 5000


def sign_up_sheet(data: QueryDict | None = None) -> forms.Form:
    return SignUpSheetForm(data, roles={"mentor": "Mentor", "mentee": "Mentee"}, kinds=list(SheetImport.Kind))


def _filled(form: forms.BaseForm, value: str) -> QueryDict:
    """Every field with one value, as a browser sends it."""
    return QueryDict(urlencode(dict.fromkeys(form.fields, value)))


@pytest.mark.parametrize("value", ["", LONG, "-1", "99999"])
@pytest.mark.parametrize("made", [WhoForm, ProfileForm, DecideForm, SheetForm, sign_up_sheet])
def test_no_form_speaks_as_django_does(made: Callable[..., forms.Form], value: str) -> None:
    form = made(_filled(made(), value))
    assert _said(form) == []


@pytest.mark.parametrize("value", ["x", "-1", "99999"])
@pytest.mark.parametrize(
    "entry", [Number(("cap", "pairs"), "At most"), Weights(("weights",), "", options=[("a", "A")])]
)
def test_no_number_of_the_settings_is_refused_as_django_does(entry: Entry, value: str) -> None:
    form = forms.Form(QueryDict(urlencode({name: value for name, _field in entry.fields(None)})))
    form.fields = {name: field for name, field in entry.fields(None) if isinstance(field, forms.IntegerField)}
    assert form.errors
    assert _said(form) == []


@pytest.mark.parametrize("value", ["", LONG, "-1", "99999"])
@pytest.mark.parametrize("role", ["mentor", "mentee"])
@pytest.mark.parametrize("society", TEMPLATES)
def test_no_question_speaks_as_django_does(society: str, role: str, value: str) -> None:
    policy = templates.load(TEMPLATES[society])
    questions = questions_of(policy.parts[0], role, "resident")
    told = 0
    for question in questions:

        def made(data: QueryDict | None = None, question: Question = question) -> QuestionForm:
            return QuestionForm(
                data, question=question, policy=policy, words=lambda blank: words_of(policy, blank, stage=None)
            )

        form = made(_filled(made(), value))
        told += len(form.errors)
        assert _said(form) == []
    assert told


def _said(form: forms.BaseForm) -> list[str]:
    """What a form says in Django's words."""
    found: Mapping[str, list[str]] = form.errors
    return [message for messages in found.values() for message in messages if DJANGOS.search(message)]


def test_each_missing_agreement_is_named(sierra: Society, visitor: Callable[[str], Client]) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    client.post(first, WHO)
    answer_questions(client, first)
    page = client.post(f"{first}check/").content.decode()
    titles = [agreement.title for agreement in cycle.settings.agree if "mentee" in agreement.by]
    links = re.findall(r"<li><a[^>]*>([^<]*)</a>: [^<]*[Ww]ithout this you cannot take part.", page)
    assert len(links) == len(set(links)) == len(titles) > 1
    assert all(title in link for title, link in zip(titles, links, strict=True) if title)


LONG_ADDRESS = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.org"
ASKS_AN_ADDRESS = [InterestForm, KnownForm, InviteForm, NominateForm, SpokenForm]


@pytest.mark.parametrize("form", ASKS_AN_ADDRESS)
def test_an_address_is_no_longer_than_what_keeps_it(form: type[forms.Form]) -> None:
    field = form.base_fields["email"]
    for value, words in ((LONG_ADDRESS, "too long"), ("somebody", "does not look like a mail address")):
        with pytest.raises(forms.ValidationError, match=words):
            field.clean(value)


@pytest.mark.parametrize(("form", "name"), [(SocietyForm, "contact_mail"), (CopyForm, "contact")])
def test_a_contact_is_no_longer_than_what_keeps_it(form: type[forms.Form], name: str) -> None:
    with pytest.raises(forms.ValidationError, match="too long"):
        form.base_fields[name].clean(LONG_ADDRESS)


def test_a_browser_can_fill_in_who_somebody_is() -> None:
    filled = {name: field.widget.attrs.get("autocomplete") for name, field in InterestForm.base_fields.items()}
    assert {name: word for name, word in filled.items() if word} == {
        "given_name": "given-name",
        "family_name": "family-name",
        "email": "email",
    }
    assert NominateForm.base_fields["email"].widget.attrs["autocomplete"] == "off", "it is somebody else's"
    assert WhoForm.base_fields["given_name"].widget.attrs["autocomplete"] == "given-name"
