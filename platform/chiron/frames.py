"""What stands around a page on each host: the ways from here, and who is signed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.showing import notice_for_owner
from chiron.design.frame import Frame, Link
from chiron.kernel import clock
from programs.policy.models import Program
from programs.viewing.looking import first_page
from tenants import context, hosts
from tenants.models import Society
from tenants.people.access import SEES_NAMES, may, person_of, programs_of, roles_of
from tenants.people.models import Person, StaffRole


def frame_of(request: HttpRequest) -> Frame:
    """The frame of a request, on a society's host or the public site."""
    society = context.current()
    if society is None:
        return _public(request)
    look = getattr(request, "look", None)
    if look is None:
        return _leaving(_noticed(_portal(request), society, request), society)
    # Through somebody else's eyes: their frame, without the ways out that would be one's own.
    frame = replace(_portal(request), elsewhere=None, sign_in="", sign_out="")
    return replace(frame, notice=look.notice, notice_ways=look.ways)


def _noticed(frame: Frame, society: Society, request: HttpRequest) -> Frame:
    """The frame as it is; with a word over it where nobody may take the page for more than it is."""
    if society.is_rehearsal:
        return _rehearsed(frame, society)
    if society.on_show_at is not None:
        return _on_show(frame, society)
    if request.path_info.startswith("/staff/") and (notice := _of_money(society, request)):
        return replace(frame, notice=notice, notice_ways=(Link(_("Your plan"), reverse("plan:plan")),))
    return frame if society.is_confirmed else _unconfirmed(frame, society, request)


def _on_show(frame: Frame, society: Society) -> Frame:
    """An example: who is looked at is invented, and whoever looks can begin with their own."""
    day = date_format(clock.today(society.zone), "F j, Y")
    notice = _("An example: everybody here is invented, and it is always %(day)s. Look around; nothing is changed.")
    start = reverse("starting:start", urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    ways = (
        Link(_("What staff see"), "/staff/"),
        *_eyes_of_others(),
        Link(_("What visitors see"), reverse("home")),
        Link(_("Start your own"), hosts.public_url(start)),
    )
    bare = replace(frame, person="", account="", elsewhere=None, sign_in="", sign_out="")
    return replace(bare, notice=notice % {"day": day}, notice_ways=ways)


def _of_money(society: Society, request: HttpRequest) -> str:
    """What an owner should hear of the plan; nobody else does."""
    person = person_of(request)
    return notice_for_owner(society) if person and may(person, StaffRole.Kind.OWNER) else ""


def _eyes_of_others() -> list[Link]:
    """The first program as a mentor and a mentee see it."""
    program = Program.objects.order_by("created_at").first()
    if program is None:
        return []
    seen = ((_("What mentors see"), "mentor"), (_("What mentees see"), "mentee"))
    page = first_page(program)
    return [Link(label, reverse("viewing:program", args=[program.slug, 0, who, page])) for label, who in seen]


def _unconfirmed(frame: Frame, society: Society, request: HttpRequest) -> Frame:
    """Whoever comes from outside reads that nobody has checked whose it is; its owners, what is missing."""
    notice = _("Not yet confirmed: nobody has checked yet that %(name)s runs this portal.") % {"name": society.name}
    if not request.path_info.startswith("/staff/"):
        return replace(frame, notice=notice)
    person = person_of(request)
    if person is None or not may(person, StaffRole.Kind.OWNER):
        return frame
    return replace(frame, notice=notice, notice_ways=(Link(_("What is missing"), reverse("society:confirmation")),))


def _rehearsed(frame: Frame, society: Society) -> Frame:
    """With the day over it, so that nobody takes it for real."""
    today = date_format(clock.today(society.zone), "F j, Y")
    notice = _("A rehearsal: everybody here is invented. It is %(day)s.") % {"day": today}
    ways = (Link(_("What to do next"), reverse("rehearsing:overview")),) if frame.account else ()
    return replace(frame, notice=notice, notice_ways=ways)


def _leaving(frame: Frame, society: Society) -> Frame:
    """The frame as it is; where the society leaves, until when, and the way to what is one's own."""
    if society.state != Society.State.LEAVING or society.leaves_at is None:
        return frame
    last = date_format(society.leaves_at.astimezone(society.zone) - timedelta(days=1), "F j, Y")
    notice = _("This portal closes after %(day)s. Until then everything can be read, and nothing changed.")
    ways = (Link(_("Take along what is mine"), reverse("own_copy:copy")),) if frame.account else ()
    return replace(frame, notice=notice % {"day": last}, notice_ways=ways)


def _portal(request: HttpRequest) -> Frame:
    person = person_of(request)
    home = reverse("home")
    programs = Link(_("Programs"), f"{home}programs/", also=(f"{home}sessions/",))
    if person is None and request.user.is_authenticated:  # proved an address that is new here
        return Frame(nav=(programs,), person=str(request.user), account="")
    if person is None:
        return Frame(account="")
    if request.path_info.startswith("/staff/"):
        return Frame(
            nav=_staff_ways(person),
            person=person.address_name,
            elsewhere=Link(_("The portal as members see it"), "/"),
        )
    return Frame(
        nav=(Link(_("Home"), home), programs, Link(_("Me"), reverse("enrollment:me"))),
        person=person.address_name,
        account=reverse("enrollment:me"),
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
        ways = (
            Link(_("Societies"), "/console/"),
            Link(_("Billing"), "/console/billing/"),
            Link(_("Jobs"), "/console/jobs/"),
        )
        return Frame(nav=ways, person=str(getattr(request, "operator", request.user)), account="")
    # Whoever belongs to a society signs in there; operators find their way at the foot.
    nav = (Link(_("Plans"), reverse("plans")), Link(_("Security"), reverse("security")))
    return Frame(nav=nav, sign_in="")
