"""Starting a society: from an address that was proved by a code to an owner who is signed in on their portal."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.starting import addresses
from billing.starting.models import HandOver, Start
from billing.starting.texts import PROCESSING, TERMS
from billing.subscriptions import begin_trial
from chiron.kernel import clock, signing
from chiron.kernel.errors import DomainError
from tenants import audit, context, due, outbox
from tenants.accounts.models import Account
from tenants.hosts import public_url
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tenants.provisioning.services import NoSpareSchema, appoint_owner, ask_for_spares, provision_society
from tenants.trust import domain_of, proves

# What is due: to open a space that waits for a spare one, and to remind of a start that was left, and to forget it.
OPEN, REMIND, FORGET = "starting.open", "starting.remind", "starting.forget"
REMINDED_AFTER, LEFT_FOR = timedelta(days=1), timedelta(days=14)
# How long a link works that signs the owner in.
HAND_OVER = timedelta(minutes=5)
PURPOSE, LEFT = "hand-over", "left-start"


@dataclass(frozen=True)
class Asked:
    """What the first page asks, as a session keeps it until the address is proved."""

    name: str
    person: str
    email: str
    website: str
    time_zone: str = ""

    def stored(self) -> dict[str, str]:
        return asdict(self)


@transaction.atomic
def begin(*, asked: Asked) -> Start:
    """The start of somebody who has proved their address: of what they have opened already, the one that they left, or
    a new one. One that only waits for its space stays as it was agreed.
    """
    facts: dict[str, Any] = asked.stored()
    email = facts.pop("email").lower()
    for opened in mine(email):
        if _same(opened.society, asked.name, asked.website):
            return opened
    start, new = Start.objects.select_for_update().get_or_create(email=email, society=None, defaults=facts)
    if not new and start.agreed_at is None:
        for field, value in facts.items():
            setattr(start, field, value)
        start.save(update_fields=[*facts])
    due.schedule(FORGET, str(start.pk), at=clock.now() + LEFT_FOR)
    if start.agreed_at is None and start.reminded_at is None:
        due.schedule(REMIND, str(start.pk), at=clock.now() + REMINDED_AFTER)
    return start


@transaction.atomic
def agree(*, start: Start, slug: str) -> Start:
    """Agree to the texts and have the space opened at this address: at once where one lies ready, else within minutes.

    Doing it twice opens one. DomainError for an address that cannot be had.
    """
    locked = Start.objects.select_for_update().get(pk=start.pk)
    if locked.agreed_at is None:
        addresses.check(slug, locked)
        locked.slug, locked.agreed_at = slug, clock.now()
        locked.terms, locked.processing = TERMS.version, PROCESSING.version
        locked.save(update_fields=["slug", "agreed_at", "terms", "processing"])
        due.cancel(REMIND, str(locked.pk))
        try:
            with transaction.atomic():
                _open(locked)
        except NoSpareSchema:
            locked.society = None
            due.schedule(OPEN, str(locked.pk), at=clock.now(), lane=due.Lane.WAITED_FOR)
            context.after_commit(ask_for_spares, once=True)
    return locked


@transaction.atomic
def open_agreed(*, pk: UUID) -> Start | None:
    """Open a space that waits for a spare one, unless it is open by now; NoSpareSchema if there still is none."""
    start = Start.objects.select_for_update().filter(pk=pk, society=None, agreed_at__isnull=False).first()
    if start is not None:
        if Society.objects.filter(slug=start.slug).exists():  # an operator was quicker
            start.slug = addresses.propose(start)
            start.save(update_fields=["slug"])
        _open(start)
    return start


def _open(start: Start) -> None:
    """Make the society with its owner and its trial, all or nothing."""
    facts = {"time_zone": start.time_zone} if start.time_zone else {}
    confirmed = clock.now() if proves(start.email, start.website) else None
    society = provision_society(
        name=start.name,
        slug=start.slug,
        contact_mail=start.email,
        website=start.website,
        confirmed_at=confirmed,
        **facts,
    )
    owner = appoint_owner(society, start.email)
    with context.society(society):
        given, _space, family = start.person.rpartition(" ")
        owner.given_name, owner.family_name = (given or family)[:80], (family if given else "")[:80]
        owner.save(update_fields=["given_name", "family_name"])
        audit.record("society.agreed", actor=owner, terms=start.terms, processing=start.processing)
    trial = begin_trial(society=society)
    start.society = society
    start.save(update_fields=["society"])
    due.cancel(FORGET, str(start.pk))
    outbox.mail(
        "society_started",
        to=start.email,
        context={
            "start": start,
            "society": society,
            "trial_ends": trial.trial_ends_at,
            "texts": (TERMS, PROCESSING),
            "contact": settings.CHIRON_CONTACT,
            "way_in": society.url(reverse("owner:what_to_run", urlconf=settings.ROOT_URLCONF)),
        },
    )


def remind(*, pk: UUID) -> None:
    """Write once to whoever left a start half way, with a link by which they go on."""
    start = Start.objects.select_for_update().filter(pk=pk, society=None, agreed_at=None, reminded_at=None).first()
    if start is None:
        return
    start.reminded_at = clock.now()
    start.save(update_fields=["reminded_at"])
    kept_until = start.reminded_at + LEFT_FOR - REMINDED_AFTER
    token = signing.seal(str(start.pk), purpose=LEFT, society=None, until=kept_until)
    link = public_url(reverse("starting:left", args=[token], urlconf=settings.PUBLIC_SCHEMA_URLCONF))
    outbox.mail("start_left", to=start.email, context={"start": start, "link": link, "kept_until": kept_until})


def left(token: str) -> Start | None:
    """The start that a reminder leads to, as long as it is half way; signing.Forged for what is no link of ours.

    The link came by mail, so whoever has it has proved the address. One that was agreed to lets nobody in by it.
    """
    with suppress(signing.Expired):
        pk = signing.unseal(token, purpose=LEFT, society=None)
        return Start.objects.filter(pk=pk, society=None, agreed_at=None).first()
    return None


def forget(*, pk: UUID) -> None:
    """Delete a start that was left; one that was agreed to only waits."""
    Start.objects.filter(pk=pk, society=None, agreed_at=None).delete()


def mine(email: str) -> list[Start]:
    """What somebody has started, newest first, as far as it is still there."""
    started = Start.objects.filter(email=email, society__isnull=False, society__left_at=None)
    return list(started.select_related("society").defer("society__logo"))


def alike(start: Start) -> list[Society]:
    """Societies that may be the one being started, by somebody else: of the same website, or of the same name."""
    domain = domain_of(start.website)
    found = Society.objects.filter(left_at=None, rehearses=None).exclude(start__email=start.email).defer("logo")
    near = found.filter(Q(name__iexact=start.name) | Q(website__icontains=domain))
    return [society for society in near if _same(society, start.name, start.website)]


def _same(society: Society | None, name: str, website: str) -> bool:
    """Whether a society may be the one of this name and website."""
    if society is None:
        return False
    return society.name.casefold() == name.casefold() or domain_of(society.website) == domain_of(website)


@transaction.atomic
def ask_to_be_let_in(*, start: Start) -> None:
    """Write to the owners of a society that is here already: somebody of theirs wants to come in. Once is enough."""
    locked = Start.objects.select_for_update().get(pk=start.pk)
    if locked.asked_in_at is not None:
        return
    locked.asked_in_at = clock.now()
    locked.save(update_fields=["asked_in_at"])
    asks = {"asks": locked.person, "address": locked.email}
    for society in alike(locked):
        with context.society(society):
            roles = StaffRole.objects.filter(kind=StaffRole.Kind.OWNER).select_related("person")
            owners = [role.person for role in roles if role.holds_on(clock.today(society.zone))]
            page = society.url(reverse("people:roles", urlconf=settings.ROOT_URLCONF))
            outbox.mail("start_asks_in", to=owners, context={**asks, "page": page}, reply_to=locked.email)


def hand_over(*, start: Start) -> str:
    """The address that signs the owner in on the portal: once, within minutes."""
    society, now = start.society, clock.now()
    if society is None:
        raise DomainError(_("The space is not open yet."))
    HandOver.objects.filter(until__lt=now).delete()
    made = HandOver.objects.create(start=start, until=now + HAND_OVER)
    token = signing.seal(str(made.pk), purpose=PURPOSE, society=society.pk, until=made.until)
    return society.url(reverse("owner:enter", args=[token], urlconf=settings.ROOT_URLCONF))


def take_over(*, society: Society, token: str) -> Account:
    """Who comes with this link, for whom it works no second time; signing.Forged or signing.Expired otherwise."""
    pk = signing.unseal(token, purpose=PURPOSE, society=society.pk)
    with context.platform():
        row = HandOver.objects.select_for_update(of=("self",)).filter(pk=pk, start__society_id=society.pk)
        made = row.select_related("start").first()
        if made is None or made.until <= clock.now():
            raise signing.Expired
        email = made.start.email
        Start.objects.filter(pk=made.start_id).update(entered_at=clock.now())
        HandOver.objects.filter(start_id=made.start_id).delete()
    account = Account.objects.filter(email=email, is_active=True).first()
    if account is None or not Person.objects.filter(account=account).exists():
        raise signing.Expired
    return account
