"""When and for how many somebody is there: room now, the most at once, pausing, and coming back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design import errors
from chiron.kernel.errors import DomainError
from chiron.kernel.signing import Expired
from programs.enrollment import pausing, room
from programs.enrollment.ceiling import LARGEST, set_most_at_once
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.selectors import places_of
from tenants.people.access import SocietyRequest, signed_in
from tenants.people.models import Person

# Of a number of people; Python reads none of thousands.
MOST_DIGITS = 3


class PauseForm(forms.Form):
    """What pauses, and until when."""

    which = forms.MultipleChoiceField(
        label=gettext_lazy("What would you like to pause?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what you would like to pause.")},
    )
    until = forms.DateField(
        label=gettext_lazy("Until when?"),
        help_text=gettext_lazy("On that day we ask whether you are back. Leave it empty if you do not know yet."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write a day, like 2027-03-01.")},
    )

    def __init__(self, data: Any = None, *, mine: list[Enrollment]) -> None:
        super().__init__(data, initial={"which": [str(each.pk) for each in mine]})
        self.mine = mine
        field = self.fields["which"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(each.pk), _called(each)) for each in mine]

    def chosen(self) -> list[Enrollment]:
        """The sign-ups that were ticked."""
        return [each for each in self.mine if str(each.pk) in self.cleaned_data["which"]]


class MostForm(forms.Form):
    """How many mentees somebody takes at once, in all programs together."""

    most = forms.IntegerField(
        label=gettext_lazy("At most, in all programs together"),
        help_text=gettext_lazy(
            "Mentees who go on from earlier sessions count too. Leave it empty if you set no such limit."
        ),
        min_value=1,
        max_value=LARGEST,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
        error_messages={"invalid": gettext_lazy("Write a number, like 2.")},
    )


@dataclass(frozen=True)
class Room:
    """For how many more there is room in a sign-up, and what can be said of it."""

    enrollment: Enrollment
    called: str
    now: int
    said: int
    given: int
    offered: Sequence[int]
    held_back: bool
    """Whether there would be room, were it not for the most that somebody takes in all programs together."""


def rooms_of(person: Person) -> list[Room]:
    """Somebody's sign-ups of which they say for how many there is room."""
    mine = [each for each in pausing.can_pause(person).select_related("person") if room.says_room(each)]
    left, given = (room.room_of(mine, told=True), room.given_of(mine)) if mine else ({}, {})
    found = []
    for each in mine:
        open_places = max(0, places_of(each) - given[each.pk])
        offered = range(max(0, room.allowed(each).most - given[each.pk]) + 1)
        held_back = left[each.pk] < open_places
        found.append(Room(each, _called(each), left[each.pk], open_places, given[each.pk], offered, held_back))
    return found


@require_safe
@never_cache
@signed_in
def availability(request: SocietyRequest) -> HttpResponse:
    """How things stand, and the ways to change it."""
    return _page(request, PauseForm(mine=list(pausing.can_pause(request.person))))


@require_POST
@never_cache
@signed_in
def pause(request: SocietyRequest) -> HttpResponse:
    """Leave some of one's sign-ups out of suggestions for a while."""
    mine = [*pausing.can_pause(request.person), *pausing.paused_by(request.person)]  # pressed twice, it is one pause
    form = PauseForm(request.POST, mine=mine)
    if form.is_valid():
        until = form.cleaned_data["until"]
        try:
            pausing.pause(person=request.person, enrollments=form.chosen(), until=until)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            day = until and date_format(until, "F j, Y")
            words = _("You pause until %(day)s. On that day we ask whether you are back.") % {"day": day}
            messages.success(request, words if until else _("You pause, until you come back here."))
            return redirect("enrollment:availability")
    return _page(request, form, status=422)


@require_POST
@signed_in
def say_room(request: SocietyRequest) -> HttpResponse:
    """“I have room for so many now.”"""
    mine = [each for each in pausing.can_pause(request.person) if str(each.pk) == request.POST.get("sign_up")]
    said = request.POST.get("room", "")
    for each in mine if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else []:
        try:
            room.say_room(enrollment=each, room=int(said))
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Kept. This is what others and our staff see now."))
    return redirect("enrollment:availability")


@require_POST
@never_cache
@signed_in
def most(request: SocietyRequest) -> HttpResponse:
    """How many mentees somebody takes at once, in all programs together."""
    form = MostForm(request.POST)
    if form.is_valid():
        set_most_at_once(person=request.person, most=form.cleaned_data["most"], by=request.person)
        messages.success(request, _("Kept. It counts from now on, in every program."))
        return redirect("enrollment:availability")
    return _page(request, PauseForm(mine=list(pausing.can_pause(request.person))), most_form=form, status=422)


@require_POST
@signed_in
def back(request: SocietyRequest) -> HttpResponse:
    """Be there again."""
    mine = [each for each in pausing.paused_by(request.person) if str(each.pk) == request.POST.get("sign_up")]
    for each in pausing.come_back(person=request.person, enrollments=mine):
        messages.success(request, _back(each))
    return redirect("enrollment:availability")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def back_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Back in everything that pauses: by the link of a mail, which changes nothing by being opened."""
    try:
        person = pausing.person_by(token)
    except Expired as error:
        return errors.refused(request, error)
    mine, said = list(pausing.paused_by(person)), request.POST.get("answer", "")
    came = pausing.come_back(person=person, enrollments=mine) if said == "back" else []
    shown = {"sign_ups": came or mine, "said": said, "words": [_back(each) for each in came]}
    return render(request, "enrollment/back.html", shown)


def _page(
    request: SocietyRequest, form: PauseForm, *, most_form: MostForm | None = None, status: int = 200
) -> HttpResponse:
    person = request.person
    mentors = any(each.role == Role.MENTOR for each in form.mine) or person.most_at_once is not None
    context = {
        "form": form,
        "paused": list(pausing.paused_by(person)),
        "can_pause": bool(form.mine),
        "rooms": rooms_of(person),
        "most_form": (most_form or MostForm(initial={"most": person.most_at_once})) if mentors else None,
    }
    return render(request, "enrollment/availability.html", context, status=status)


def _called(enrollment: Enrollment) -> str:
    role = enrollment.cycle.settings.roles[enrollment.role].called
    return f"{enrollment.cycle.program.name}, {enrollment.cycle.name} ({role})"


def _back(enrollment: Enrollment) -> str:
    """What coming back came to."""
    words = _("Welcome back: %(what)s.")
    if enrollment.state == Enrollment.State.WAITLISTED:
        words = _("Welcome back: %(what)s. All places are taken now, so you wait for one where you stood before.")
    return words % {"what": _called(enrollment)}
