"""Quotes in the report: staff release a part of what somebody wrote, or withhold it. Only what its writer allowed."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.surveys.models import Comment, Wave
from tenants import audit
from tenants.people.models import Person

MOST_QUOTES: Final = 3
LONGEST: Final = 300


@transaction.atomic
def release(*, comment: Comment, part: str, by: Person) -> Comment:
    """Put a comment, or a part of it word for word, into the report of its session.

    DomainError where its writer did not allow it, for words that they did not write, for a fourth quote, and where
    another part of it stands there, as a page may not know that was opened before.
    """
    Wave.objects.select_for_update(of=["self"]).filter(cycle=comment.wave.cycle_id).order_by("pk").first()
    locked = Comment.objects.select_for_update(of=["self"]).get(pk=comment.pk)
    quote = " ".join(part.split())
    if locked.released:
        if locked.quote == quote:
            return locked
        raise DomainError(_("It stands in the report as “%(quote)s”. Take that out first.") % {"quote": locked.quote})
    if not locked.may_quote:
        raise DomainError(_("Whoever wrote this did not say that it may be quoted."))
    if not quote or quote not in " ".join(locked.text.split()):
        raise DomainError(_("A quote is what was written, word for word: take words away at its ends only."))
    if len(quote) > LONGEST:
        raise DomainError(
            _("The report has room for %(most)d letters a quote, and this has %(length)d. Take some away at its ends.")
            % {"most": LONGEST, "length": len(quote)}
        )
    others = Comment.objects.filter(wave__cycle=comment.wave.cycle_id, released=True).exclude(pk=locked.pk)
    if others.count() >= MOST_QUOTES:
        raise DomainError(_("The report has room for three quotes, and has three. Withhold one of them first."))
    locked.released, locked.quote = True, quote
    locked.save(update_fields=["released", "quote"])
    audit.record("quote.released", subject=locked, actor=by)
    return locked


@transaction.atomic
def withhold(*, comment: Comment, by: Person) -> Comment:
    """Keep a comment out of the report, or take it out again."""
    locked = Comment.objects.select_for_update(of=["self"]).get(pk=comment.pk)
    if locked.released is not False:
        locked.released, locked.quote = False, ""
        locked.save(update_fields=["released", "quote"])
        audit.record("quote.withheld", subject=locked, actor=by)
    return locked
