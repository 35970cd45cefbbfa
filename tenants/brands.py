"""A society's look, as pages need it: values that are at hand without a query, and the files they point to."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from chiron.design import brand
from chiron.design.frame import CHIRON, Brand
from tenants import context
from tenants.models import Society

# Both addresses hold a hash of what they show, so what they show never changes.
FOR_GOOD = "public, max-age=31536000, immutable"


def brand_of(society: Society | None) -> Brand:
    """How pages of a society are dressed; Chiron's own for the public site."""
    if society is None:
        return CHIRON
    return Brand(
        name=society.name,
        stylesheet=f"/brand/{brand.digest(_stylesheet(society))}.css",
        logo=f"/brand/{society.logo_hash}.png" if society.logo_hash else "",
        contact=society.contact_mail,
        postal_address=in_a_line(society.postal_address),
        primary=society.brand_color,
        origin=society.url(""),
    )


def in_a_line(address: str) -> str:
    """A postal address as it is written in a line of its own: “PO Box 4400, Northfield, MN 55057”."""
    return ", ".join(line.strip(" ,") for line in address.splitlines() if line.strip(" ,"))


@require_safe
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The colors. An older page may still ask by an older hash; it gets the present colors, for a short while."""
    css = _stylesheet(_society())
    cache = FOR_GOOD if digest == brand.digest(css) else "no-cache"
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": cache})


@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    society_id = _society().pk
    with context.platform():
        picture = Society.objects.filter(pk=society_id, logo_hash=digest).values_list("logo", flat=True).first()
    if picture is None:
        raise Http404
    return HttpResponse(bytes(picture), content_type="image/png", headers={"Cache-Control": FOR_GOOD})


def _society() -> Society:
    if society := context.current():
        return society
    raise Http404


def _stylesheet(society: Society) -> str:
    return _css(society.brand_color, society.accent_color)


_css = lru_cache(maxsize=1024)(brand.stylesheet)
