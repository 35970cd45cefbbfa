"""Pages that anybody may read."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from chiron.design.frame import brand_of
from tenants import context
from tenants.accounts import demonstration
from tenants.models import Society

# Home, programs and what stands there may be found by everybody; nobody looks for the rest.
ROBOTS = """\
User-agent: *
Allow: /$
Allow: /programs/
Allow: /privacy/
Disallow: /
"""
NOTHING = "User-agent: *\nDisallow: /\n"


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Chiron is, and for whom. A demonstration leads on to all of its doors; elsewhere nobody is named."""
    societies = Society.objects.filter(rehearses=None).defer("logo")
    demo = {"societies": societies.exclude(state__in=Society.CLOSED)} if settings.DEMO else {}
    return render(request, "front/landing.html", {"demo": settings.DEMO, "offers": demonstration.offers(), **demo})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what, on a society's host in its own dress."""
    layout = "design/public.html" if context.current() is None else "design/portal.html"
    return render(request, "front/privacy.html", {"layout": layout})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: of a rehearsal nothing."""
    society = context.current()
    allowed = NOTHING if society is not None and society.is_rehearsal else ROBOTS
    return HttpResponse(allowed, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The picture that browsers ask for beside a page that names none."""
    return redirect(brand_of(request).logo or static("design/chiron.png"))
