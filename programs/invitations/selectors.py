"""Questions about invitations: who was invited to a session, and what became of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.enrollment.models import Enrollment
from programs.invitations.models import Invitation, OptOut
from programs.policy.models import Cycle
from tenants.outbox.models import OutboxMail

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

# What became of an invitation, the last word first, with the color of its badge.
FATES: Final[dict[str, tuple[Promise, str]]] = {
    "signed up": (_("Signed up"), "success"),
    "taken back": (_("Taken back"), "quiet"),
    "no more": (_("Wants no invitations"), "quiet"),
    "declined": (_("Not this time"), "quiet"),
    "opened": (_("Opened"), "brand"),
    "not delivered": (_("Not delivered"), "danger"),
    "waiting": (_("Leaves soon"), "info"),
    "sent": (_("Sent"), "info"),
}
State = OutboxMail.State


def invitations_of(cycle: Cycle, *, fate: str = "", name: str = "") -> QuerySet[WithAnnotations[Invitation, Any]]:
    """Who was invited to a session, the newest first, each with its `fate`."""
    found = Invitation.objects.filter(cycle=cycle).annotate(fate=_fate()).select_related("mail", "by")
    if fate:
        found = found.filter(fate=fate)
    for word in name.split():
        found = found.filter(Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word))
    return found


def fates_of(invitations: QuerySet[Invitation]) -> Counter[str]:
    """How many invitations came to what."""
    return Counter(invitations.order_by().annotate(fate=_fate()).values_list("fate", flat=True))


def _fate() -> Case:
    own = Enrollment.objects.filter(cycle=OuterRef("cycle"), role=OuterRef("role"))
    theirs = own.exclude(state=Enrollment.State.WITHDRAWN).filter(
        Q(person=OuterRef("person")) | Q(person__email__iexact=OuterRef("email"))
    )
    tells = [
        ("signed up", Exists(theirs)),
        ("taken back", Q(taken_back_at__isnull=False)),
        ("no more", Exists(OptOut.objects.filter(email__iexact=OuterRef("email")))),
        ("declined", Q(declined_at__isnull=False)),
        ("opened", Q(opened_at__isnull=False)),
        ("not delivered", Q(mail__state__in=(State.FAILED, State.CANCELED)) | Q(mail__came_back="bounce")),
        ("waiting", Q(mail__state__in=(State.WAITING, State.LEAVING))),
    ]
    whens = [When(condition, then=Value(fate)) for fate, condition in tells]
    return Case(*whens, default=Value("sent"), output_field=CharField())
