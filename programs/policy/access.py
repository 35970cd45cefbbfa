"""Fetch programs and sessions and authorise in one step; who may not see one is told that there is none."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from programs.policy.models import Cycle, PolicyVersion, Program
from tenants.people.access import EVERY_KIND, programs_of
from tenants.people.models import Person, StaffRole


def programs_seen(person: Person, *kinds: StaffRole.Kind) -> QuerySet[Program]:
    """The programs that somebody's roles of these kinds are for."""
    own = programs_of(person, *kinds)
    programs = Program.objects.filter(archived_at=None)
    return programs if own is None else programs.filter(pk__in=own)


def program_for(person: Person, slug: str, *kinds: StaffRole.Kind) -> Program:
    """A program that the person may see in one of these roles."""
    return get_object_or_404(programs_seen(person, *kinds), slug=slug)


def program_in_public(slug: str, person: Person | None) -> Program:
    """A program as the portal shows it: to everybody from its first session on, before that to its staff alone."""
    program = get_object_or_404(Program.objects.filter(archived_at=None), slug=slug)
    if program.shown_at is None and (person is None or not programs_seen(person, *EVERY_KIND).filter(pk=program.pk)):
        raise Http404
    return program


def version_for(program: Program, number: int) -> PolicyVersion:
    """Settings that a program has or had."""
    return get_object_or_404(program.versions.select_related("program", "created_by"), number=number)


def cycles_seen(person: Person, *kinds: StaffRole.Kind) -> QuerySet[Cycle]:
    """The sessions that somebody's roles of these kinds are for, each with its program and settings."""
    programs = programs_seen(person, *kinds)
    return Cycle.objects.filter(program__in=programs).select_related("program", "version")


def cycle_for(person: Person, pk: UUID, *kinds: StaffRole.Kind) -> Cycle:
    """A session that the person may see in one of these roles."""
    return get_object_or_404(cycles_seen(person, *kinds), pk=pk)
