"""What publishing would write, to the letter but for what is private: it is done for one pair, read, and undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from matching.models import MatchRun, SuggestedPair
from matching.privacy import sentences_for_staff
from matching.publishing.proposals import proposal_of
from programs.enrollment.agreeing import agree, owed_for
from programs.mentorships.models import Participation
from programs.mentorships.services import Proposal, answer_yes, propose
from tenants.outbox.models import OutboxMail


@dataclass(frozen=True)
class Preview:
    """One mail: who would read it, and what."""

    to: str
    subject: str
    text: str


def preview_of(run: MatchRun) -> Sequence[Preview]:
    """Every mail that the draft's best pair would get if both say yes, in the order in which they would be written."""
    pair = _with_addresses(run)
    if pair is None:
        return []
    with transaction.atomic():
        before = OutboxMail.objects.order_by("-id").values_list("id", flat=True).first()
        mentorship = propose(cycle=run.cycle, proposal=_for_staff(pair), by=None)
        while asked := mentorship.participations.filter(answer=Participation.Answer.WAITING).first():
            # Whoever answers has agreed before, on a page that only they can open.
            agree(enrollment=asked.enrollment, agreed=owed_for(asked.enrollment).agreements)
            answer_yes(participation=asked)
        written = OutboxMail.objects.order_by("id")
        mails = list(written.filter(id__gt=before) if before else written)
        transaction.set_rollback(True)
    return [Preview(mail.recipient_name or mail.recipient, mail.subject, mail.text) for mail in mails]


def _for_staff(pair: SuggestedPair) -> Proposal:
    return replace(proposal_of(pair), why_for_mentee=sentences_for_staff(pair))


def _with_addresses(run: MatchRun) -> SuggestedPair | None:
    both = run.pairs.exclude(mentee__person__email="").exclude(mentor__person__email="")
    return both.select_related("mentee__person", "mentor__person").first()
