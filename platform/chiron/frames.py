"""What stands around a page on each host: the ways from here, and who is signed in."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from chiron.design.frame import Frame, Link
from tenants import context
from tenants.people.access import SEES_NAMES, may, person_of, programs_of, roles_of
from tenants.people.models import Person, StaffRole


def frame_of(request: HttpRequest) -> Frame:
    """The frame of a request, on a society's host or the public site."""
    if context.current() is None:
        return _public(request)
    person = person_of(request)
    programs = Link(_("Programs"), "/programs/", also=("/sessions/",))
    if person is None and request.user.is_authenticated:  # proved an address that is new here
        return Frame(nav=(programs,), person=str(request.user), account="")
    if person is None:
        return Frame(account="")
    if request.path.startswith("/staff/"):
        return Frame(
            nav=_staff_ways(person),
            person=person.address_name,
            elsewhere=Link(_("The portal as members see it"), "/"),
        )
    return Frame(
        nav=(Link(_("Home"), "/"), programs, Link(_("Me"), "/me/")),
        person=person.address_name,
        elsewhere=Link(_("Staff area"), "/staff/") if roles_of(person) else None,
    )


def _staff_ways(person: Person) -> tuple[Link, ...]:
    sessions = ("/staff/sessions/", "/staff/sign-ups/", "/staff/templates/", "/staff/imports/")
    ways = [Link(_("Today"), "/staff/"), Link(_("Programs"), "/staff/programs/", also=sessions)]
    if programs_of(person, *SEES_NAMES) != set():
        ways.append(Link(_("People"), "/staff/people/"))
    if may(person, *SEES_NAMES):
        ways.append(Link(_("Mail"), "/staff/mail/"))
    if may(person, StaffRole.Kind.OWNER):
        ways.append(Link(_("Settings"), "/staff/settings/"))
    return tuple(ways)


def _public(request: HttpRequest) -> Frame:
    if request.user.is_authenticated:
        nav = (Link(_("Societies"), "/console/"), Link(_("Jobs"), "/console/jobs/"))
        return Frame(nav=nav, person=str(getattr(request, "operator", request.user)), account="")
    return Frame()
