"""Pages that anybody may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chiron.design.frame import brand_of
from chiron.front import plans
from chiron.kernel import clock
from tenants import context, due
from tenants.accounts import demonstration
from tenants.models import Society

# Home, programs and what stands there may be found by everybody; nobody looks for the rest.
ROBOTS = """\
User-agent: *
Allow: /$
Allow: /programs/
Allow: /privacy/
Allow: /plans/
Allow: /security/
Allow: /terms/
Allow: /data-processing/
Disallow: /
"""
# Mails and reminders this much later than they should be are said to be late.
LATE = timedelta(minutes=5)
NOTHING = "User-agent: *\nDisallow: /\n"


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Chiron is, and for whom. A demonstration leads on to all of its doors; elsewhere nobody is named."""
    societies = Society.objects.filter(rehearses=None, on_show_at=None).defer("logo")
    shown = Society.objects.exclude(on_show_at=None).exclude(state__in=Society.CLOSED).defer("logo").first()
    demo = {"societies": societies.exclude(state__in=Society.CLOSED)} if settings.DEMO else {}
    cheapest = next(iter(plans.offered()), None)
    context: dict[str, Any] = {"demo": settings.DEMO, "offers": demonstration.offers(), "cheapest": cheapest, **demo}
    context["shown"] = shown.url("/staff/") if shown else ""
    return render(request, "front/landing.html", context)


@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """What it costs, and what is free."""
    return render(request, "front/plans.html", {"plans": plans.offered(), "tax_form": bool(settings.TAX_FORM)})


@require_safe
def tax_form(request: HttpRequest) -> HttpResponse:
    """Our tax form, for whoever pays an invoice."""
    if not settings.TAX_FORM:
        raise Http404
    headers = {"Content-Disposition": 'inline; filename="chiron-w9.pdf"'}
    return HttpResponse(settings.TAX_FORM, content_type="application/pdf", headers=headers)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """How what is entrusted to us is kept, and where the limits are."""
    return render(request, "front/security.html", {"contact": settings.CHIRON_CONTACT})


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """Whether everything works, in the words of whoever waits for a page or a mail."""
    since = due.overdue()["since"]
    late = clock.now() - since if since else timedelta(0)
    minutes = int(late.total_seconds()) // 60 if late >= LATE else 0
    return render(
        request, "front/status.html", {"minutes": minutes, "now": clock.now(), "contact": settings.CHIRON_CONTACT}
    )


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what, on a society's host in its own dress."""
    layout = "design/public.html" if context.current() is None else "design/portal.html"
    return render(request, "front/privacy.html", {"layout": layout})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: of invented people nothing."""
    society = context.current()
    bare = society is not None and (society.is_rehearsal or society.on_show_at is not None)
    allowed = NOTHING if bare else ROBOTS
    return HttpResponse(allowed, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The picture that browsers ask for beside a page that names none."""
    return redirect(brand_of(request).logo or static("design/chiron.png"))
