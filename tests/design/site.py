"""The gallery and the error pages as a site of their own: `python -m tests.design.site` prints its port.

It has no database at all, so that a page which runs a query fails. `?brand=sierra` dresses a page for a society.
"""

from __future__ import annotations

import socketserver
from collections.abc import Callable
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import include, path

SECRET = "kept from nobody"

if not settings.configured:
    settings.configure(
        SECRET_KEY=SECRET,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        CSRF_FAILURE_VIEW="chiron.design.errors.csrf_failure",
        INSTALLED_APPS=["django.contrib.staticfiles", "django_cotton", "django_htmx", "chiron.design"],
        MIDDLEWARE=[
            "chiron.design.csp.ContentSecurityPolicy",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "tests.design.site.dressed",
            "chiron.design.errors.BareReplies",
            "django.middleware.csrf.CsrfViewMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "chiron.design.frame.context",
                    ]
                },
            }
        ],
        DATABASES={},
        STATIC_URL="/static/",
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
        USE_TZ=True,
    )
    django.setup()

from chiron.design import brand, errors  # noqa: E402 - settings come first
from chiron.design.frame import CHIRON, Brand  # noqa: E402
from chiron.kernel.errors import DomainError  # noqa: E402

COLORS = {
    "sierra": ("Sierra Valley Medical Society", "#7b1e3a", "#c98a2b"),
    "commonwealth": ("Commonwealth Medical Society", "#1d3f72", "#b5452c"),
    "northstar": ("Northstar Academy of Family Physicians", "#1e6b52", "#d99a1c"),
    "bright": ("Society of Bright Yellow", "#ffd400", "#ffffff"),
}


def dressed(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: the brand that the address asks for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        slug = request.GET.get("brand", "")
        request.brand = CHIRON  # type: ignore[attr-defined]
        if slug in COLORS:
            request.brand = Brand(  # type: ignore[attr-defined]
                name=COLORS[slug][0],
                stylesheet=f"/brand/{slug}.css",
                logo=f"/static/design/logos/{slug}.png" if slug != "bright" else "",
                contact=f"mentorship@{slug}.example",
                primary=COLORS[slug][1],
                origin=request.build_absolute_uri("/").rstrip("/"),
            )
        return get_response(request)

    return middleware


def stylesheet(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(brand.stylesheet(*COLORS[slug][1:]), content_type="text/css; charset=utf-8")


def broken(request: HttpRequest, code: int) -> HttpResponse:
    """The error that the address asks for, made as it would come about where Django lets us."""
    if code == 404:
        raise Http404
    if code == 500:
        raise RuntimeError("asked for")
    if code == 422:
        return errors.refused(request, DomainError("Sign-up closed on March 3. Write to us if you missed it."))
    make = {
        400: errors.bad_request,
        403: errors.forbidden,
        405: errors.not_allowed,
        429: errors.too_many,
        503: errors.unavailable,
    }
    return make[code](request)


urlpatterns = [
    path("design/", include("chiron.design.urls")),
    path("brand/<slug:slug>.css", stylesheet),
    path("errors/<int:code>/", broken),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing: what matters is what the browser saw."""


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serve(port: int = 0) -> None:
    from django.core.wsgi import get_wsgi_application

    server = Server(("127.0.0.1", port), Quiet)
    server.set_app(get_wsgi_application())
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    import sys

    serve(*map(int, sys.argv[1:]))
