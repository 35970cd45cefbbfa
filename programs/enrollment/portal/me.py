"""What a person says of themselves, and what the society knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chiron.kernel import clock
from programs.enrollment.biosketch import biosketch_of, drafted, is_checked
from programs.enrollment.models import Enrollment
from programs.enrollment.portal.forms import NameField
from programs.enrollment.selectors import begun_sign_ups
from programs.enrollment.showing import spoken
from programs.enrollment.stages import move_stage, next_stages, stage_is_over
from programs.surveys.kinds.numbers import MONTHS
from tenants.people.access import SocietyRequest, signed_in
from tenants.people.models import Person
from tenants.people.profiles import change_profile


class ProfileForm(forms.Form):
    """How others see somebody."""

    called = NameField(
        label=gettext_lazy("How would you like to be addressed?"),
        help_text=gettext_lazy("As mails and pages should say it, such as “Dr. Rivera” or “Sam”."),
        max_length=120,
        required=False,
    )
    biosketch = forms.CharField(
        label=gettext_lazy("About you"),
        help_text=gettext_lazy(
            "Somebody you are matched with reads it, and where you let others find you, they do. "
            "Left empty, it is drafted from your answers."
        ),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class StageForm(forms.Form):
    """One question, when a stage was expected to be over."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Where are you now?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the one that fits best.")},
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until when, do you think?"),
        help_text=gettext_lazy("Only if you study or train: month and year, like 6/2028."),
        input_formats=MONTHS,
        widget=forms.DateInput(format="%m/%Y", attrs={"class": "short"}),
        required=False,
        error_messages={"invalid": gettext_lazy("Write a month and a year, like 6/2028.")},
    )

    def __init__(self, data: Any = None, *, person: Person, today: date) -> None:
        super().__init__(data)
        self.today, self.was = today, person.stage
        still = (person.stage, _("Still: %(stage)s") % {"stage": person.stage})
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*((stage, stage) for stage in next_stages(person)), still]

    def clean_ends_on(self) -> date | None:
        """A day to come; who still is where they were says until when, or is asked again at once."""
        day: date | None = self.cleaned_data["ends_on"]
        if day is not None and day <= self.today:
            raise forms.ValidationError(_("This is over already. Write a month that is still to come."))
        return day


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def me(request: SocietyRequest) -> HttpResponse:
    """The page about oneself."""
    person = request.person
    answers, role = _latest(person)
    draft = drafted(answers, role)
    initial = {"called": person.called, "biosketch": person.biosketch or (draft if "own" in request.GET else "")}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        written = form.cleaned_data["biosketch"].replace("\r\n", "\n").strip()
        # Kept as it was drafted, it goes on following the answers.
        change_profile(person=person, called=form.cleaned_data["called"], biosketch="" if written == draft else written)
        messages.success(request, _("Kept. This is what others see from now on."))
        return redirect("enrollment:me")
    today = clock.today(request.society.zone)
    context = {
        "form": form,
        "person": person,
        "biosketch": biosketch_of(person, answers, role),
        "checked": is_checked(person, answers),
        "begun": begun_sign_ups(person, today),
        "stage_form": StageForm(person=person, today=today) if stage_is_over(person, today) else None,
        "sign_ups": Enrollment.objects.filter(person=person).select_related("cycle__program", "cycle__version"),
        "known": known_of(person),
    }
    return render(request, "enrollment/me.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def stage(request: SocietyRequest) -> HttpResponse:
    """Where somebody is now, after a stage was expected to end."""
    today = clock.today(request.society.zone)
    form = StageForm(request.POST, person=request.person, today=today)
    if not form.is_valid():
        return render(request, "enrollment/stage.html", {"form": form, "person": request.person}, status=422)
    move_stage(person=request.person, stage=form.cleaned_data["stage"], ends_on=form.cleaned_data["ends_on"])
    messages.success(request, _("Thank you. We go by that from now on."))
    return redirect("enrollment:me")


def _latest(person: Person) -> tuple[Mapping[str, Any], str]:
    """What somebody answered last, and in which role; what we know of them where they never signed up."""
    enrollment = Enrollment.objects.filter(person=person).order_by("-changed_at", "-pk").first()
    if enrollment is not None:
        return enrollment.answers, enrollment.role
    return {"stage": person.stage, "specialty": person.specialty}, ""


def known_of(person: Person) -> list[tuple[str, object]]:
    """What the membership list says of somebody."""
    labels = {
        "membership_status": _("Membership"),
        "stage": _("Career stage"),
        "specialty": _("Specialty"),
        "training_completed_on": _("Training completed"),
        "training_state": _("State of training"),
        "zip": _("ZIP code"),
        "employer": _("Works or studies at"),
        "npi": _("NPI"),
    }
    return [(label, spoken(name, person.roster[name])) for name, label in labels.items() if person.roster.get(name)]
