"""When somebody is there for others: pausing and coming back, on one's own page and by the link of a mail."""

from __future__ import annotations

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
from programs.enrollment import pausing
from programs.enrollment.models import Enrollment
from programs.enrollment.wording import WORDS
from tenants.people.access import SocietyRequest, signed_in


class PauseForm(forms.Form):
    """What pauses, and until when."""

    which = forms.MultipleChoiceField(
        label=gettext_lazy("What would you like to pause?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=WORDS | {"required": gettext_lazy("Choose what you would like to pause.")},
    )
    until = forms.DateField(
        label=gettext_lazy("Until when?"),
        help_text=gettext_lazy("On that day we ask whether you are back. Leave it empty if you do not know yet."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages=WORDS | {"invalid": gettext_lazy("Write a day, like 2027-03-01.")},
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
    form = PauseForm(request.POST, mine=list(pausing.can_pause(request.person)))
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


def _page(request: SocietyRequest, form: PauseForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "paused": list(pausing.paused_by(request.person)), "can_pause": bool(form.mine)}
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
