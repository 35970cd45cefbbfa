"""Questions about what was agreed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from programs.agreements.models import Agreed
from programs.policy.models import Program


def agreed_in(program: Program) -> QuerySet[Agreed]:
    """Everything that was ever agreed to in a program, newest first."""
    return Agreed.objects.filter(program=program).select_related("person").order_by("-agreed_at", "person", "name")


def digests_of(program: Program, people: Collection[UUID]) -> Mapping[UUID, set[str]]:
    """What each of these people agreed to in a program, by fingerprint."""
    found: dict[UUID, set[str]] = defaultdict(set)
    said = Agreed.objects.filter(program=program, person__in=people).order_by()
    for person, digest in said.values_list("person_id", "digest"):
        found[person].add(digest)
    return found


def texts_of(program: Program) -> list[dict[str, Any]]:
    """Each text that somebody agreed to, as they read it: how many, from when to when; the newest first."""
    texts = Agreed.objects.filter(program=program).order_by().values("name", "title", "version", "text", "digest")
    counted = texts.annotate(people=Count("person", distinct=True), first=Min("agreed_at"), last=Max("agreed_at"))
    return [dict(text) for text in counted.order_by("-last", "name", "-version")]
