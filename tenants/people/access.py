"""Who is asking, and may they? Views are wrapped in one of these; who may not is told that there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from chiron.kernel import clock
from tenants import context
from tenants.people.models import Person, StaffRole

if TYPE_CHECKING:
    from tenants.models import Society

P = ParamSpec("P")
Kind = StaffRole.Kind
# What everybody on the staff may look at; support helps people, the committee looks at what matters in a match.
EVERY_KIND = tuple(Kind)
RUNS_PROGRAMS = (Kind.OWNER, Kind.MANAGER)
# Who sees people by name: those of their programs, and with a role for the whole society its mail too.
SEES_NAMES = (*RUNS_PROGRAMS, Kind.SUPPORT)


class SocietyRequest(HttpRequest):
    """A request on a society's host whose sender is known. Never made: views are told that theirs is one."""

    society: Society
    person: Person
    roles: list[StaffRole]
    # Where a page belongs in the menu, should its address not say it.
    belongs_to: str


SocietyView = Callable[Concatenate[SocietyRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def person_of(request: HttpRequest) -> Person | None:
    """The person who is signed in, remembered for the length of the request; None for strangers."""
    if not hasattr(request, "_person"):
        known = request.user.is_authenticated and context.current() is not None
        person = Person.objects.filter(account_id=str(request.user.pk)).first() if known else None
        request._person = person  # type: ignore[attr-defined]
    return cast("Person | None", request._person)  # type: ignore[attr-defined]


def roles_of(person: Person) -> list[StaffRole]:
    """The staff roles that a person holds today, remembered with the person."""
    if not hasattr(person, "_roles"):
        society = context.current()
        today = clock.today(society.zone) if society else clock.today()
        person._roles = [  # type: ignore[attr-defined]
            role for role in person.staff_roles.all() if role.holds_on(today)
        ]
    return cast("list[StaffRole]", person._roles)  # type: ignore[attr-defined]


def may(person: Person, *kinds: StaffRole.Kind, program_id: UUID | None = None) -> bool:
    """Whether a person holds one of these roles for the whole society, or for this one program."""
    return any(role.kind in kinds and role.program_id in (None, program_id) for role in roles_of(person))


def programs_of(person: Person, *kinds: StaffRole.Kind) -> set[UUID] | None:
    """The programs that a person's roles of these kinds are for; None means every program."""
    mine = [role.program_id for role in roles_of(person) if role.kind in kinds]
    return None if None in mine else {program_id for program_id in mine if program_id is not None}


def sees_roster(person: Person, *, program_id: UUID | None = None) -> bool:
    """Whether a person may look up members who have not signed up; partner organizers, of elsewhere, may not."""
    return any(
        role.kind in SEES_NAMES and not role.institution and role.program_id in (None, program_id)
        for role in roles_of(person)
    )


def require(person: Person, *kinds: StaffRole.Kind, program_id: UUID | None = None) -> None:
    """Http404 unless the person may: a stranger cannot tell forbidden from absent."""
    if not may(person, *kinds, program_id=program_id):
        raise Http404


def signed_in(view: SocietyView[P]) -> View[P]:
    """For people of the society: others sign in first, or say who they are."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        person = person_of(request)
        if person is None:
            return redirect("people:stranger")
        request.person, request.roles = person, roles_of(person)  # type: ignore[attr-defined]
        return view(cast(SocietyRequest, request), *args, **kwargs)

    return wrapped


def staff(*kinds: StaffRole.Kind) -> Callable[[SocietyView[P]], View[P]]:
    """For those who hold one of these roles, for the whole society or for some program.

    A view about one program still asks `require(…, program_id=…)`.
    """

    def decorate(view: SocietyView[P]) -> View[P]:
        @wraps(view)
        def checked(request: SocietyRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(role.kind in kinds for role in request.roles):
                raise Http404
            return view(request, *args, **kwargs)

        return signed_in(checked)

    return decorate
