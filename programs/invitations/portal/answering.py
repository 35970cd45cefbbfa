"""What people see who were invited, and those who signed up over the phone: pages by the link of a mail.

Opening one changes nothing. Each has one large button, and a quiet way to say no.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chiron.design import errors
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from chiron.kernel.signing import Expired
from programs.enrollment.portal.agreeing import AgreeForm
from programs.enrollment.portal.first_page import facts_said
from programs.invitations import entering, links, services, spoken
from programs.invitations.entering import Way
from programs.invitations.mails import role_called
from programs.invitations.models import Invitation
from programs.policy.offered import takes_sign_ups
from tenants.people.access import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: what it is about, and the button that leads to the sign-up without a code."""
    try:
        invitation = links.invitation_by(token)
    except Expired as error:
        return errors.refused(request, error)
    said = request.POST.get("answer", "")
    try:
        if said in ("go", "switch"):
            return _go(request, invitation, switch=said == "switch")
        if said == "new":
            services.write_again(invitation=invitation, by=None)
        elif said == "no":
            services.decline(invitation=invitation)
    except DomainError as error:
        return errors.refused(request, error)
    return _page(request, invitation, said)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def no_more(request: HttpRequest, token: str) -> HttpResponse:
    """No more invitations: one tap here, or one in a mail program, which sends no cookie (RFC 8058)."""
    try:
        email = links.address_by(token)
    except Expired as error:
        return errors.refused(request, error)
    if request.method == "POST":
        if request.POST.get("answer") == "again":
            services.want_them_again(email=email)
        else:
            services.want_no_more(email=email)
    page = {"email": email, "wants_none": services.wants_none(email), "said": request.method == "POST"}
    return render(request, "invitations/no_more.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def spoken_sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """What staff filled in on the phone, and the person's own yes to it, with everything that is agreed to."""
    try:
        found = links.spoken_by(token)
    except Expired as error:
        return errors.refused(request, error)
    cycle = found.cycle
    called = role_called(cycle, found.role)
    context = {"spoken": found, "program": cycle.program, "cycle": cycle, "called": called}
    if found.state != spoken.State.ASKED:
        return render(request, "invitations/spoken_answered.html", context)
    draft = spoken.draft(found)
    said = request.POST.get("answer", "")
    form = AgreeForm(request.POST if said == "yes" else None, draft=draft)
    try:
        if said == "no":
            context["spoken"] = spoken.decline(spoken=found)
            return render(request, "invitations/spoken_answered.html", context)
        if said == "yes" and form.is_valid():
            spoken.confirm(spoken=found, agreed=form.agreed())
            return redirect("invitations:spoken", token)
    except DomainError as error:
        return errors.refused(request, error)
    context |= {"form": form, "draft": draft, "facts": list(facts_said(draft)), "lines": list(spoken.told(draft))}
    return render(request, "invitations/spoken.html", context, status=422 if form.is_bound else 200)


def _go(request: HttpRequest, invitation: Invitation, *, switch: bool) -> HttpResponse:
    way = entering.enter(request=request, invitation=invitation, switch=switch)
    first_page = reverse("enrollment:who", args=[invitation.cycle_id, invitation.role])
    if way is Way.SOMEBODY_ELSE:
        person = person_of(request)
        other = {"other": person.name if person else request.user}
        return render(request, "invitations/somebody_else.html", _about(invitation) | other)
    if way is Way.CODE:
        no_more = services.wants_none(invitation.email)
        there = reverse("account_login") + "?" + urlencode({"next": first_page})
        return render(request, "invitations/code.html", _about(invitation) | {"there": there, "no_more": no_more})
    return redirect(first_page)


def _page(request: HttpRequest, invitation: Invitation, said: str) -> HttpResponse:
    """The invitation as it stands now."""
    invitation.refresh_from_db(fields=["declined_at", "taken_back_at", "written_at"])
    cycle = invitation.cycle
    signed_up = invitation.email.lower() in services.signed_up_addresses(cycle, invitation.role, [invitation.email])
    is_open = takes_sign_ups(cycle, clock.today(links.here().zone))
    stands = (
        "taken back" if invitation.taken_back_at
        else "signed up" if signed_up
        else "over" if not is_open
        else "sent again" if said == "new"
        else "old" if entering.is_too_old(invitation)
        else "declined" if invitation.declined_at
        else "open"
    )  # fmt: skip
    return render(request, "invitations/invitation.html", _about(invitation) | {"stands": stands})


def _about(invitation: Invitation) -> dict[str, object]:
    cycle = invitation.cycle
    return {
        "invitation": invitation,
        "cycle": cycle,
        "program": cycle.program,
        "policy": cycle.version.policy,
        "called": role_called(cycle, invitation.role),
    }
