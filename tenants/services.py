"""Changing what the platform knows of a society."""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError

from chiron.kernel.errors import DomainError
from tenants import audit, confirming, context, trust
from tenants.models import Society
from tenants.people.models import Person

# What a society's own staff may change of its row.
OWN_FACTS = ("name", "website", "postal_address", "contact_mail", "time_zone", "brand_color", "accent_color")


def change_society(*, society: Society, by: Person | None, logo: bytes | None = None, **facts: str) -> Society:
    """Change a society's name, contact, zone, colors or logo; everything about pages follows within half a minute.

    `logo` is a PNG as `chiron.design.logos.prepare` makes it. With another name or website it has to be confirmed anew.
    DomainError in one sentence if something makes no sense.
    """
    unknown = facts.keys() - set(OWN_FACTS)
    if unknown:
        raise TypeError(f"A society's staff cannot change {', '.join(sorted(unknown))}.")
    with context.platform():
        locked = Society.objects.select_for_update().defer("logo").get(pk=society.pk)
        called, domain, was_confirmed = trust.plain(locked.name), trust.domain_of(locked.website), locked.is_confirmed
        for name, value in facts.items():
            setattr(locked, name, value)
        _check(locked, list(facts))
        renamed, elsewhere = trust.plain(locked.name) != called, trust.domain_of(locked.website) != domain
        if renamed or (domain and elsewhere):
            locked.confirmed_at = None
        if logo is not None:
            locked.logo, locked.logo_hash = logo, hashlib.sha256(logo).hexdigest()
        locked.save(update_fields=[*facts, "confirmed_at", *(("logo", "logo_hash") if logo is not None else ())])
    # Whom an operator doubts is not believed for a new name alone.
    if (elsewhere or (renamed and was_confirmed)) and not locked.is_confirmed and confirming.is_proved(locked):
        locked = confirming.confirm(society=locked)
    changed = sorted([*facts, *(["logo"] if logo is not None else [])])
    audit.record("society.changed", actor=by, changed=changed)
    return locked


def _check(society: Society, changed: list[str]) -> None:
    try:
        society.clean_fields(exclude=[field.name for field in Society._meta.fields if field.name not in changed])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(sentences[0], field=field) from error
