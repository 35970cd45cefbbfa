"""What a person says of themselves, and what the society knows of them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.enrollment.models import Enrollment
from programs.enrollment.portal.forms import NameField
from programs.enrollment.showing import spoken
from programs.enrollment.wording import WORDS
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
        help_text=gettext_lazy("A few sentences. Only somebody you are matched with reads them."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages=WORDS,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def me(request: SocietyRequest) -> HttpResponse:
    """The page about oneself."""
    person = request.person
    form = ProfileForm(request.POST or None, initial={"called": person.called, "biosketch": person.biosketch})
    if request.method == "POST" and form.is_valid():
        change_profile(person=person, **form.cleaned_data)
        messages.success(request, _("Kept. This is what others see from now on."))
        return redirect("enrollment:me")
    context = {
        "form": form,
        "person": person,
        "sign_ups": Enrollment.objects.filter(person=person).select_related("cycle__program"),
        "known": known_of(person),
    }
    return render(request, "enrollment/me.html", context, status=422 if form.is_bound else 200)


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
