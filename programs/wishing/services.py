"""Saying whom one would like: a list that is kept with every press of a button."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import must_have_agreed
from programs.enrollment.models import Enrollment
from programs.mentorships.directory import is_listed, listed
from programs.wishing.models import Named
from programs.wishing.rules import has_wishes, is_open, last_day, ranks, takes_part
from programs.wishing.selectors import named_by
from tenants import audit


@transaction.atomic
def put(*, mine: Enrollment, other: Enrollment, place: int | None = None) -> None:
    """Put somebody at a place of the list, counted from 1, or at its end; doing it twice changes nothing.

    DomainError if wishes are closed, the list is full, or the other cannot be named any more.
    """
    mine = _held(mine)
    now = named_by(mine)
    there = [each for each in now if each.pk != other.pk]
    if len(there) == len(now):
        _must_be_there(mine, other)
        _must_have_room(mine, len(now))
    elif place is None:
        return
    at = len(there) if place is None else min(max(place, 1) - 1, len(there))
    _keep(mine, now, [*there[:at], other, *there[at:]])


@transaction.atomic
def take_out(*, mine: Enrollment, other: Enrollment) -> None:
    """Take somebody out of the list; doing it twice changes nothing. DomainError if wishes are closed."""
    mine = _held(mine)
    now = named_by(mine)
    _keep(mine, now, [each for each in now if each.pk != other.pk])


def _held(mine: Enrollment) -> Enrollment:
    """The sign-up under a lock, so that two tabs come one after the other, if its owner may name anybody now."""
    locked = Enrollment.objects.select_for_update(of=["self"], no_key=True)
    mine = locked.select_related("cycle__version", "cycle__program", "person").get(pk=mine.pk)
    if not has_wishes(mine.cycle) or not ranks(mine):
        raise DomainError(_("In this session nobody is asked whom they would like."))
    if not is_open(mine.cycle):
        day = date_format(last_day(mine.cycle), "F j")
        raise DomainError(_("Wishes closed on %(day)s. What you said then stands.") % {"day": day})
    if not takes_part(mine):
        raise DomainError(_("You can say whom you would like once your sign-up is in order."))
    must_have_agreed(mine)
    return mine


def _must_be_there(mine: Enrollment, other: Enrollment) -> None:
    if not (is_listed(other) and listed(mine).filter(pk=other.pk).exists()):
        raise DomainError(
            _("%(name)s cannot be named any more. Look for somebody else.") % {"name": other.person.address_name}
        )


def _must_have_room(mine: Enrollment, count: int) -> None:
    wishes = mine.cycle.settings.matching.wishes
    if wishes is not None and count >= wishes.at_most:
        raise DomainError(
            ngettext(
                "You can name one person. Take them out first.",
                "You can name %(count)d people. Take somebody out first.",
                wishes.at_most,
            )
            % {"count": wishes.at_most}
        )


def _keep(mine: Enrollment, before: Sequence[Enrollment], after: Sequence[Enrollment]) -> None:
    """Write the list anew; whoever could not be named any more is forgotten with it."""
    if list(before) == list(after):
        return
    mine.named.all().delete()
    Named.objects.bulk_create(Named(mine=mine, other=other, place=place) for place, other in enumerate(after, start=1))
    # Whom somebody named is for the desk alone; the trail has only that they did.
    audit.record("wishes.kept", subject=mine, actor=mine.person, people=len(after))
