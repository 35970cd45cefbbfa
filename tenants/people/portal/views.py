"""Pages about oneself as the society knows one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tenants.people.access import person_of


@require_safe
@login_required
def stranger(request: HttpRequest) -> HttpResponse:
    """Somebody proved an address that the society does not know."""
    if person_of(request) is not None:
        return redirect("/")
    return render(request, "people/stranger.html")
