"""The settings of a society: what it is called, how it looks, whom people write to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chiron.design import brand, logos
from chiron.kernel.errors import DomainError
from tenants.people.access import Kind, SocietyRequest, staff
from tenants.portal.forms import SocietyForm
from tenants.services import change_society


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Kind.OWNER)
def settings(request: SocietyRequest) -> HttpResponse:
    """Look at colors as often as one likes; only "keep" changes anything."""
    form = SocietyForm(request.POST or None, request.FILES or None, society=request.society)
    colors = (request.society.brand_color, request.society.accent_color)
    if form.is_valid():
        if "look" not in request.POST and _keep(request, form):
            messages.success(request, _("Kept. Every page follows within half a minute."))
            return redirect("society:settings")
        colors = (form.cleaned_data["brand_color"], form.cleaned_data["accent_color"])
    context: dict[str, Any] = {
        "form": form,
        "palettes": [(scheme, brand.palette(*colors, scheme)) for scheme in brand.SCHEMES],
        "mends": [each.sentence for each in brand.check(*colors)],
        "looked": form.is_bound and not form.errors,
    }
    return render(request, "society/settings.html", context, status=422 if form.errors else 200)


def _keep(request: SocietyRequest, form: SocietyForm) -> bool:
    """Change the society; what makes no sense stands at its field."""
    facts = dict(form.cleaned_data)
    file = facts.pop("logo")
    try:
        # A byte more than is allowed is enough to be told so.
        logo = logos.prepare(file.read(logos.BYTES + 1)) if file else None
    except DomainError as error:
        form.add_error("logo", error.message)
        return False
    try:
        change_society(society=request.society, by=request.person, logo=logo, **facts)
    except DomainError as error:
        form.add_error(error.field, error.message)
        return False
    return True
