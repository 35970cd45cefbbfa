"""The pages of a start, on the public site: three questions, a code, an address, and the space is there.

What was typed stays in the visitor's session until the address is proved; after that it is a row, which whoever comes
back with the same address finds again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.starting import addresses, services
from billing.starting.models import Start
from billing.starting.portal.forms import AddressForm, StartForm
from billing.starting.services import Asked
from billing.starting.texts import PROCESSING, TERMS, Text
from chiron.design import errors
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants.accounts import codes, demonstration
from tenants.accounts.codes import CodeForm, Waiting

ASKED, WAITING, STARTED = "starting.asked", "starting.waiting", "starting.started"
PURPOSE = "start"
STEPS: Final = (gettext_lazy("Your society"), gettext_lazy("Your mail"), gettext_lazy("Your address"))
# How long a proved address counts in one browser.
PROVED_FOR: Final = timedelta(hours=2)
LOOK_AGAIN = 3


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Which society, and who are you?"""
    form = StartForm(request.POST or None, initial=request.session.get(ASKED))
    if form.is_valid():
        asked = form.asked()
        if not _send(request, asked):
            return errors.too_many(request)
        return redirect("starting:code")
    begun = _started(request)
    return _page(request, "start", 1, form, begun=begun if begun and begun.society is None else None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent there."""
    waiting, asked = Waiting.read(request.session.get(WAITING)), request.session.get(ASKED)
    if waiting is None or not asked:
        messages.error(request, codes.OVER)
        return redirect("starting:start")
    if "again" in request.POST:
        if not _send(request, Asked(**asked)):
            return errors.too_many(request)
        return redirect("starting:code")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if codes.is_code(purpose=PURPOSE, whose="", waiting=waiting, code=form.cleaned_data["code"]):
            started = services.begin(asked=Asked(**asked))
            request.session.cycle_key()
            del request.session[WAITING]
            _remember(request, started)
            return redirect("starting:address")
        request.session[WAITING] = waiting.tried().stored()
        form.add_error("code", codes.WRONG)
    here = {"email": waiting.address, "caught_mail": demonstration.caught_mail()}
    return _page(request, "code", 2, form, **here, minutes=int(codes.VALID.total_seconds() // 60))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def address(request: HttpRequest) -> HttpResponse:
    """Where will it be? And then it is there."""
    started = _started(request)
    if started is None:
        return redirect("starting:start")
    if started.agreed_at is not None:
        return redirect("starting:ready")
    form = AddressForm(request.POST or None, initial={"slug": addresses.propose(started)})
    if form.is_valid():
        try:
            services.agree(start=started, slug=form.cleaned_data["slug"])
        except DomainError as error:
            form.add_error("slug" if error.field == "slug" else None, error.message)
        else:
            return redirect("starting:ready")
    mine = [each for each in services.mine(started.email) if each.pk != started.pk]
    alike = bool(services.alike(started))
    return _page(request, "address", 3, form, start=started, mine=mine, alike=alike)


@require_POST
def let_me_in(request: HttpRequest) -> HttpResponse:
    """Ask those who run the society already."""
    started = _started(request)
    if started is None:
        return redirect("starting:start")
    services.ask_to_be_let_in(start=started)
    messages.success(request, _("We have asked them, with your name and address. They let you in, or write to you."))
    return redirect("starting:address")


@require_POST
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go to a space that one has started before."""
    started = _started(request)
    if started is None:
        return redirect("starting:start")
    for each in services.mine(started.email):
        if each.pk == pk:
            _remember(request, each)
            return redirect("starting:ready")
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def left(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of a reminder: go on where one was, with a button."""
    found = services.left(token)
    if found is None:
        return render(request, "starting/left.html", status=410)
    if request.method == "POST":
        _remember(request, found)
        return redirect("starting:address")
    return render(request, "starting/left.html", {"start": found})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """The space is there, and the page leads in by itself; or it will be in a moment, and the page looks again."""
    started = _started(request)
    if started is None:
        messages.info(request, _("Prove your address once more, and you go on where you were."))
        return redirect("starting:start")
    if started.agreed_at is None:
        return redirect("starting:address")
    if started.society is None:
        response = render(request, "starting/waiting.html", {"start": started})
        response["Refresh"] = str(LOOK_AGAIN)
        return response
    request.session.pop(ASKED, None)
    entered = started.entered_at
    if entered is not None and entered.timestamp() >= _proved_at(request):  # and may have signed out since
        return render(request, "starting/ready.html", {"start": started, "way_in": started.society.url("/staff/")})
    way_in = services.hand_over(start=started)
    response = render(request, "starting/ready.html", {"start": started, "way_in": way_in, "now": True})
    response["Refresh"] = f"1; url={way_in}"
    return response


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What applies between a society and whoever runs this platform."""
    return _text(request, TERMS, _("Terms"))


@require_safe
def processing(request: HttpRequest) -> HttpResponse:
    """What happens to the data of a society's people, as a contract."""
    return _text(request, PROCESSING, _("Agreement on data"))


def _text(request: HttpRequest, text: Text, title: str) -> HttpResponse:
    return render(request, "starting/text.html", {"text": text, "title": title, "contact": settings.CHIRON_CONTACT})


def _page(request: HttpRequest, name: str, step: int, form: Any, **more: Any) -> HttpResponse:
    context = {"form": form, "steps": STEPS, "step": step, **more}
    return render(request, f"starting/{name}.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, asked: Asked) -> bool:
    """Send a code and remember what was asked, unless that was a little too often."""
    if not ratelimit.consume(request, action="start", key=asked.email):
        return False
    waiting = codes.send_code("start_code", purpose=PURPOSE, whose="", address=asked.email)
    request.session[ASKED], request.session[WAITING] = asked.stored(), waiting.stored()
    return True


def _remember(request: HttpRequest, started: Start) -> None:
    request.session[STARTED] = [str(started.pk), (clock.now() + PROVED_FOR).timestamp()]


def _proved_at(request: HttpRequest) -> float:
    return float(request.session[STARTED][1]) - PROVED_FOR.total_seconds()


def _started(request: HttpRequest) -> Start | None:
    """What this browser has proved that it may go on with."""
    pk, until = request.session.get(STARTED) or ("", 0)
    if clock.now().timestamp() >= until:
        return None
    return Start.objects.select_related("society").defer("society__logo").filter(pk=pk).first()
