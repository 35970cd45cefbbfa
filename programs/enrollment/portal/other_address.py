"""“The society knows me by another address”: two short pages, the second one for the code."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.kernel.errors import DomainError
from programs.enrollment.other_address import is_code, join_by_address, send_code
from tenants.accounts import codes, demonstration
from tenants.accounts.codes import CodeForm, Waiting
from tenants.people.access import SocietyRequest, signed_in

WAITING = "other_address"


class OtherAddressForm(forms.Form):
    """Which one?"""

    address = forms.EmailField(
        label=gettext_lazy("Your other mail address"),
        help_text=gettext_lazy("We send a code there, so that nobody else can become you."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": gettext_lazy("Type the other address.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def other_address(request: SocietyRequest) -> HttpResponse:
    """Which address may the society know somebody by?"""
    if request.person.member_id:
        return redirect("enrollment:me")
    form = OtherAddressForm(request.POST or None)
    if form.is_valid():
        try:
            waiting = send_code(person=request.person, address=form.cleaned_data["address"])
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            request.session[WAITING] = waiting.stored()
            return redirect("enrollment:other_address_code")
    return render(request, "enrollment/other_address.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def code(request: SocietyRequest) -> HttpResponse:
    """The code that was sent there; with it both become one."""
    waiting = Waiting.read(request.session.get(WAITING))
    if waiting is None:
        messages.error(request, codes.OVER)
        return redirect("enrollment:other_address")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if is_code(person=request.person, waiting=waiting, code=form.cleaned_data["code"]):
            del request.session[WAITING]
            return _joined(request, waiting.address)
        request.session[WAITING] = waiting.tried().stored()
        form.add_error("code", codes.WRONG)
    page = {"form": form, "address": waiting.address, "caught_mail": demonstration.caught_mail()}
    return render(request, "enrollment/other_address_code.html", page, status=422 if form.errors else 200)


def _joined(request: SocietyRequest, address: str) -> HttpResponse:
    try:
        join_by_address(person=request.person, address=address)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Found you. The society knows now that this is you."))
    return redirect("enrollment:me")
