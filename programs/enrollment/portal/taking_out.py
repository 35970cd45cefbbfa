"""Taking a session's sign-ups out as a sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.enrollment.exporting import headings, take_out_sign_ups
from programs.policy.access import cycle_for
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff


class TakeOutForm(forms.Form):
    """Whose sign-ups."""

    role = forms.ChoiceField(label=gettext_lazy("Whose?"), required=False, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, cycle: Cycle) -> None:
        super().__init__(data)
        roles = [(role, cycle.settings.roles[role].called) for role in ROLES_OF[cycle.settings.format]]
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Everybody’s")), *roles]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def take_out(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """What the sheet tells and what it leaves out, and the button that takes it out."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    form = TakeOutForm(request.POST if request.method == "POST" else None, cycle=cycle)
    if form.is_valid():
        content = take_out_sign_ups(cycle=cycle, role=form.cleaned_data["role"], by=request.person)
        reply = HttpResponse(content, content_type="text/csv; charset=utf-8")
        reply.headers["Content-Disposition"] = f'attachment; filename="{cycle.program.slug}-sign-ups.csv"'
        return reply
    context = {"cycle": cycle, "form": form, "headings": headings(cycle), "count": cycle.enrollments.count()}
    return render(request, "enrollment/take_out.html", context, status=422 if form.errors else 200)
