"""What a sheet holds, and in which of its session's roles the people are who stand in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast, get_args

from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.enrollment import services
from programs.enrollment.importing.sheets.layout import Kind as SheetKind
from programs.enrollment.importing.sheets.layout import propose
from programs.enrollment.importing.sheets.table import Table
from programs.enrollment.importing.sheets.words import MENTOR_AND_MENTEE
from programs.enrollment.models import SheetImport
from programs.policy.models import Cycle
from programs.policy.participant import RoleName
from programs.policy.words import ROLES_OF, WordKind

Kind = SheetImport.Kind
KINDS: Mapping[str, SheetKind] = {Kind.ROSTER: "members", Kind.PAIRS: "pairs"}
ROLES: Mapping[str, RoleName] = {
    Kind.MENTORS: "mentor",
    Kind.MENTEES: "mentee",
    Kind.EARLY: "early",
    Kind.MIDDLE: "middle",
    Kind.SENIOR: "senior",
    Kind.PEERS: "peer",
}
OF_ROLE: Mapping[str, SheetImport.Kind] = {role: Kind(kind) for kind, role in ROLES.items()}
# Headings of our own sheets that only one role has.
TELLING: Mapping[str, str] = {"mentor": "aspects_offered", "mentee": "aspects_wanted"}
# What a form asks beside the role, and no membership list says.
OF_A_FORM = frozenset({"signed_up_at", "aspects", "goals", "challenges", "places"})


def sheet_kind(sheet_import: SheetImport) -> SheetKind:
    """What a sheet holds, as its reader knows it."""
    return KINDS.get(sheet_import.kind, "signups")


def roles_of(cycle: Cycle | None) -> Mapping[str, str]:
    """The roles of a session, each with what the program calls it."""
    if cycle is None:
        return MENTOR_AND_MENTEE
    return {role: cycle.settings.roles[role].called for role in ROLES_OF[cycle.settings.format]}


def role_of(sheet_import: SheetImport, table: Table) -> RoleName | None:
    """Everybody's role in a sheet that does not ask for it."""
    roles, headings = roles_of(sheet_import.cycle), {heading.lower() for heading in table.headings}
    if len(roles) == 1:
        return cast(RoleName, next(iter(roles)))
    told = next((role for role, heading in TELLING.items() if heading in headings and role in roles), None)
    return ROLES.get(sheet_import.kind) or cast(RoleName | None, told)


def looks_like_another(sheet_import: SheetImport, table: Table) -> str:
    """The sentence for what was brought as a membership list and looks like something else; empty where it does not."""
    if sheet_import.kind != Kind.ROSTER:
        return ""
    headings = [heading.strip().casefold() for heading in table.headings]
    if all(any(re.fullmatch(rf"{role}s?( name)?", heading) for heading in headings) for role in ("mentor", "mentee")):
        return _("This looks like a list of pairs. Bring it on the page of its session, as pairs that exist already.")
    fields = propose(table, "signups", remembered={}, sample=()).fields
    if set(TELLING.values()) & set(headings) or ("role" in fields and fields & OF_A_FORM):
        return _("This looks like sign-ups. Bring it on the page of its session, as what a form has gathered.")
    return ""


def vocabulary_of(cycle: Cycle | None) -> dict[str, tuple[str, ...]]:
    """The words of a session's program, by kind."""
    return {} if cycle is None else {kind: cycle.version.policy.words(kind) for kind in get_args(WordKind)}


def kinds_of(cycle: Cycle) -> frozenset[SheetImport.Kind]:
    """The sheets that a session takes in its present state: pairs until it is finished, sign-ups while it takes any."""
    runs = frozenset({Kind.PAIRS} if "mentor" in roles_of(cycle) and cycle.state != Cycle.State.CLOSED else ())
    return runs if services.why_no_sign_ups(cycle) else runs | frozenset(Kind) - {Kind.ROSTER, Kind.PAIRS}


def check_session(kind: SheetImport.Kind, cycle: Cycle | None) -> None:
    """DomainError if a session does not take such a sheet, or not now."""
    if cycle is None:
        return
    names = {"session": cycle.name, "roles": ", ".join(roles_of(cycle).values())}
    if kind in ROLES and ROLES[kind] not in roles_of(cycle):
        raise DomainError(_("%(session)s has other roles: %(roles)s.") % names)
    if kind != Kind.PAIRS:
        services.check_takes_sign_ups(cycle)
    elif "mentor" not in roles_of(cycle):
        raise DomainError(_("%(session)s has no pairs. Its roles are: %(roles)s.") % names)
    elif cycle.state == Cycle.State.CLOSED:
        raise DomainError(_("%(session)s is finished, so no pairs can be added to it.") % names)
