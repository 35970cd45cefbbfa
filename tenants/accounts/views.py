"""Signing in by a code, and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chiron.design import errors
from chiron.kernel import clock
from tenants.accounts import demonstration
from tenants.accounts.adapter import minutes_valid
from tenants.accounts.forms import AddressForm
from tenants.accounts.services import account_for

if TYPE_CHECKING:  # imported first of all, as a worker does, it goes round in a circle
    from allauth.account.stages import LoginStage


class AskAddress(RequestLoginCodeView):
    """Which address shall we write to?"""

    template_name = "accounts/sign_in.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseRedirect | None:
        """Stay here even while a code is on its way: the address may have been mistyped."""
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"offers": demonstration.offers()}

    def form_invalid(self, form: AddressForm) -> HttpResponse:
        if form.has_error("email", AddressForm.TOO_OFTEN):
            return errors.too_many(self.request)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AskCode(ConfirmLoginCodeView):
    """Which code did we send?"""

    template_name = "accounts/code.html"

    _process: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where no code is waited for, say so: it was never asked for, or its time is over."""
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if self._process is None and not request.user.is_authenticated:
            messages.error(request, get_adapter().error_messages["code_is_over"])
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = {"minutes": minutes_valid(), "caught_mail": demonstration.caught_mail()}
        return super().get_context_data(**kwargs) | here

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if response.status_code == 200:
            response.status_code = 422
        return response

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        """A new code has all of its minutes before it, as its mail says."""
        self._process.state["at"] = clock.now().timestamp()
        return super()._resend_form_valid(form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on this device."""
    logout(request)
    return redirect("/")


@demonstration.only_in_demonstration
@require_POST
def sign_in_as(request: HttpRequest, key: str) -> HttpResponse:
    """Become one of the demonstration's people."""
    offer = demonstration.offered(key)
    login(request, account_for(offer.somebody.email))
    return redirect(offer.part.opens)
