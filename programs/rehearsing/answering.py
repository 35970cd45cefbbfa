"""How invented people fill a form: whatever it asks, through the form itself, as if they had typed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chiron.kernel import clock
from programs.policy.document import Blank
from programs.policy.participant import Participant
from programs.surveys.forms import QuestionForm
from programs.surveys.models import Wave
from programs.surveys.specialties import SPECIALTIES
from tenants.people.models import Person

# Of long lists the first few are enough, so that people have something in common.
MANY: Final = 8
# What people leave empty if they may: numbers and files that nobody invents.
LEFT_EMPTY: Final = ("file", "NPI")
Said = dict[str, Any]
StrOrPromise = str | Promise
GOALS: Final[Sequence[StrOrPromise]] = (
    gettext_lazy("To find my way into a practice where I can stay, and to talk to somebody who has been there."),
    gettext_lazy("To learn how others keep an evening free, and to grow into leading a small team."),
    gettext_lazy("To hear an honest word about the next step before I take it."),
)
COMMENTS: Final[Sequence[StrOrPromise]] = (
    gettext_lazy("Good to have somebody to ask. I would have liked to begin a month earlier."),
    gettext_lazy("We met over coffee every few weeks, and it was worth every one of them."),
    gettext_lazy("It took us a while to find a time, and then it went well."),
)


def survey_answers(wave: Wave, person: Person) -> dict[str, dict[str, Any]]:
    """What somebody would answer to a survey: mostly content, and not all of the same mind."""
    policy = wave.cycle.version.policy
    random = Random(person.email)  # noqa: S311, the same person says the same in each rehearsal
    somebody = Participant(key="", role="mentee")
    said: dict[str, dict[str, Any]] = {}
    for question in wave.version.questions:
        empty = QuestionForm(question=question, policy=policy, words=_offered)
        filled = fill(empty, somebody, random, clock.today(), COMMENTS, content=True)
        form = QuestionForm(filled, question=question, policy=policy, words=_offered)
        if form.is_valid():
            said[question.ask] = form.answers()
    return said


def _offered(blank: Blank) -> Sequence[str]:
    return blank.choices


def fill(
    form: QuestionForm,
    somebody: Participant,
    random: Random,
    today: date,
    prose: Sequence[StrOrPromise] = GOALS,
    *,
    content: bool = False,
) -> Said:
    """What a question's form would be sent with; `prose` is what they might write. The same dice say the same.

    content: most choose what stands first, as “Yes” before “Perhaps” and “No”.
    """
    said: Said = {}
    for name, field in form.fields.items():
        blank = _blank_of(name, form)
        if blank.kind in LEFT_EMPTY and not field.required:
            continue
        value = _known(blank, somebody) if name == blank.name else None
        value = _invented(field, blank, random, today, said, prose, content=content) if value is None else value
        if value not in (None, "", []):
            said[name] = value
    return said


def _blank_of(name: str, form: QuestionForm) -> Blank:
    """The blank that a field belongs to, by its name alone or with what is added to it."""
    return next(each for each in form.question.blanks if name == each.name or name.startswith(f"{each.name}-"))


def _known(blank: Blank, somebody: Participant) -> Any:
    """What is true of them already."""
    value = getattr(somebody, blank.fills, None) if blank.fills else None
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _invented(
    field: forms.Field,
    blank: Blank,
    random: Random,
    today: date,
    said: Mapping[str, Any],
    prose: Sequence[StrOrPromise],
    *,
    content: bool,
) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        words = _words(field)[:MANY]
        if blank.fills == "languages":  # whoever cannot talk with each other is no pair
            return [words[0]]
        return random.sample(words, min(len(words), blank.most or 3, random.choice((2, 3))))
    if isinstance(field, forms.ChoiceField):
        words = [word for word in _words(field) if word not in ("", *said.values())]
        if blank.kind == "scale":  # most are content
            words = words[len(words) // 2 :]
        elif content:
            words += words[:1] * 2 * len(words)
        return random.choice(words) if words else ""
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.IntegerField):
        return min((blank.lowest or 1) + random.choice((0, 1, 1)), blank.highest or 2)
    if isinstance(field, forms.DateField):
        return (today + timedelta(days=random.choice((200, 400)))).isoformat()
    return _text(blank, random, prose)


def _words(field: forms.ChoiceField) -> list[Any]:
    """What can be chosen."""
    return [value for value, _label in cast("Iterable[tuple[Any, Any]]", field.choices)]


def _text(blank: Blank, random: Random, prose: Sequence[StrOrPromise]) -> str:
    """A line for each kind that is written rather than chosen."""
    if blank.kind == "specialty":
        return random.choice(list(SPECIALTIES))
    if blank.kind == "ZIP code":
        return "02139"
    if blank.kind == "tags":
        return _("hiking, teaching, public health")
    if blank.kind == "long text":
        return str(random.choice(prose))
    return random.choice((_("Invented for a rehearsal"), _("Somebody’s own words would stand here")))
