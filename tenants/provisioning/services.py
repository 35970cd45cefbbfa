"""Giving a society its schema and its address."""

from __future__ import annotations

import logging
import re
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerAway
from psycopg.errors import UniqueViolation

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context
from tenants.accounts.models import Account
from tenants.models import Domain, Society, Spare
from tenants.people.models import Person, StaffRole

logger = logging.getLogger(__name__)

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")


class NoSpareSchema(DomainError):
    """Every schema that lay ready is taken."""

    def __init__(self) -> None:
        super().__init__(_("New societies are being prepared. Try again in a minute."))


def provision_society(*, name: str, slug: str, host: str = "", owner_mail: str = "", **facts: Any) -> Society:
    """Make a society in a spare schema, with a host of its own and a first owner if they are named: all or nothing.

    DomainError if the slug or the host is malformed, reserved or taken; NoSpareSchema if no schema lies ready.
    """
    society = Society(**{"name": name.strip(), "slug": slug, "contact_mail": owner_mail, **facts})
    check_society(society, host)
    with context.platform():
        society.schema_name = _take_spare()
        context.after_commit(ask_for_spares, once=True)
        save_society(society, host)
        audit.record("society.created", subject=society)
        if owner_mail:
            appoint_owner(society, owner_mail)
    return society


def appoint_owner(society: Society, mail: str) -> Person:
    """Let somebody into a society as its owner, who can do the rest: change their name, invite others."""
    with context.society(society):
        account = Account.objects.create_user(mail)
        now = clock.now()
        person = Person.objects.create(
            account=account, email=account.email, given_name=account.email.partition("@")[0], created_at=now
        )
        role = StaffRole.objects.create(person=person, kind=StaffRole.Kind.OWNER, created_at=now)
        audit.record("role.granted", subject=role, kind=role.kind)
    return person


def save_society(society: Society, host: str = "") -> None:
    """Write a society's row, and that of its own host if one is named; DomainError if the slug or the host is taken."""
    host = _own_host(society, host)
    with context.platform():
        _save(society, _("The address “%s” is taken. Choose another.") % society.slug, field="slug")
        if host:
            domain = Domain(domain=host, tenant=society)
            _save(domain, _("The host “%s” belongs to another society.") % host, field="host")


def check_society(society: Society, host: str = "") -> None:
    """DomainError with one sentence if something in a society's row, or its host, makes no sense by itself."""
    if host := _own_host(society, host):
        _check_host(host)
    # A contact may be named later, on the settings page.
    later = [] if society.contact_mail else ["contact_mail"]
    try:
        society.clean_fields(exclude=later)
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise DomainError(f"{field}: {sentences[0]}", field=field) from error


def _check_host(host: str) -> None:
    """DomainError if a name is no host name, or is ours to give."""
    if not HOST_NAME.fullmatch(host):
        raise DomainError(_("“%s” is no host name. It looks like mentoring.example.org.") % host, field="host")
    if f".{host}".endswith(f".{settings.BASE_HOST}"):
        raise DomainError(_("Hosts below %s come from a society's address.") % settings.BASE_HOST, field="host")


def _own_host(society: Society, host: str) -> str:
    """A host as it is kept; nothing if it is the one that comes from the slug."""
    host = host.lower().removesuffix(".")
    return "" if host == society.host else host


def _take_spare() -> str:
    """The oldest spare schema that nobody else is taking; it comes back if the transaction does not commit."""
    spare = Spare.objects.select_for_update(skip_locked=True).first()
    if spare is None:
        raise NoSpareSchema
    name: str = spare.schema_name
    spare.delete()
    return name


def ask_for_spares() -> None:
    """Have the owner's worker lay spares ready now. If the broker is away the next round of upkeep does."""
    try:
        current_app.send_task("tenants.provisioning.upkeep", queue="provision", expires=300)
    except BrokerAway:
        logger.warning("the broker is away; spare schemas wait for the next round")


def _save(row: models.Model, if_taken: str, *, field: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise DomainError(if_taken, field=field) from error
        raise
