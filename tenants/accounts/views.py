"""Signing in by a code, and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tenants.accounts.adapter import minutes_valid

if TYPE_CHECKING:  # imported first of all, as a worker does, it goes round in a circle
    from allauth.account.stages import LoginStage


class AskAddress(RequestLoginCodeView):
    """Which address shall we write to?"""

    template_name = "accounts/sign_in.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseRedirect | None:
        """Stay here even while a code is on its way: the address may have been mistyped."""
        return None

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AskCode(ConfirmLoginCodeView):
    """Which code did we send?"""

    template_name = "accounts/code.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"minutes": minutes_valid()}

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if response.status_code == 200:
            response.status_code = 422
        return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on this device."""
    logout(request)
    return redirect("/")
