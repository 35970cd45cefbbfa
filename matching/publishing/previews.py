"""What publishing would write, to the letter but for what is private: it is done, read, and undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.explaining.privacy import sentences_for_staff
from matching.groups import groups_of, places_of
from matching.models import MatchRun, SuggestedPair
from matching.publishing.models import Publication
from matching.publishing.others import Case, shared_by_all, words_for, write
from matching.publishing.phone import Piece, pieces_of
from matching.publishing.proposals import proposal_of
from programs.enrollment.agreeing import agree, owed_for
from programs.mentorships import mails
from programs.mentorships.circles import introduce_group
from programs.mentorships.models import Participation
from programs.mentorships.services import Proposal, answer_yes, propose
from programs.policy.models import Cycle
from tenants.outbox.models import OutboxMail


@dataclass(frozen=True)
class Preview:
    """One mail: when it would be written, who would read it, and what."""

    when: str
    mail: OutboxMail

    @property
    def to(self) -> str:
        return self.mail.recipient_name or self.mail.recipient

    @property
    def subject(self) -> str:
        return self.mail.subject

    @property
    def text(self) -> str:
        return self.mail.text

    @cached_property
    def pieces(self) -> list[Piece]:
        """The mail as a phone shows it."""
        return pieces_of(self.mail.html)


def undone(work: Callable[[], object]) -> list[OutboxMail]:
    """The mails that some work writes; the work itself, and the mails, are undone."""
    with transaction.atomic():
        before = OutboxMail.objects.order_by("-id").values_list("id", flat=True).first()
        work()
        written = OutboxMail.objects.order_by("id")
        found = list(written.filter(id__gt=before) if before else written)
        transaction.set_rollback(True)
    return found


def preview_of(run: MatchRun, asked_first: str = "") -> Sequence[Preview]:
    """Every mail that the draft's best pair would get if both say yes, in the order in which they would be written."""
    pair = _with_addresses(run)
    return [] if pair is None else preview_of_pair(run.cycle, pair, asked_first)


def preview_of_pair(cycle: Cycle, pair: SuggestedPair, asked_first: str = "") -> Sequence[Preview]:
    """Every mail that these two would get if both say yes."""
    proposal = _for_staff(pair)
    first = asked_first or cycle.settings.matching.asked_first

    def ask_and_answer() -> None:
        mentorship = propose(cycle=cycle, proposal=proposal, by=None, first=first)
        waiting = mentorship.participations.filter(answer=Participation.Answer.WAITING).select_related("person")
        if (asked := waiting.first()) and cycle.settings.matching.reminders:
            mails.remind(asked)
        while asked := waiting.first():
            # Whoever answers has agreed before, on a page that only they can open.
            agree(enrollment=asked.enrollment, agreed=owed_for(asked.enrollment).agreements)
            try:
                answer_yes(participation=asked)
            except DomainError:  # their places are taken by now: the draft is out of date, and the desk says so
                return

    return [Preview(_when(mail, number, first), mail) for number, mail in enumerate(undone(ask_and_answer))]


def _when(mail: OutboxMail, number: int, first: str) -> str:
    """When the mail of this number would be written."""
    if mail.template == "mentorship_reminder":
        return _("If no answer comes")
    if first == "nobody" or number == 0 or (first == "both" and number == 1):
        return _("At once")
    return _("After the first yes") if mail.template == "mentorship_asked" else _("Once both have said yes")


def preview_of_groups(run: MatchRun) -> list[Preview]:
    """The mail to one person of each role, as it is written for the best group."""
    found = groups_of(run)
    if not found:
        return []
    places = places_of(found[0])
    written = undone(lambda: introduce_group(cycle=run.cycle, places=places, by=None))
    role = {place.enrollment.person.email: place.enrollment.role for place in places}
    of_each = {role.get(mail.recipient, ""): mail for mail in reversed(written)}
    return [Preview(_("At once"), mail) for mail in of_each.values()]


def preview_of_others(plan: Publication, cases: Sequence[Case]) -> list[Preview]:
    """One mail of each case, to the first of them who has an address."""
    shared = shared_by_all(plan.run, plan.asked_first)

    def write_one_of_each() -> None:
        for case in cases:
            for each in case.people:
                if each.person.email:
                    write(each, case, words_for(plan, case.kind), shared)
                    break

    found = undone(write_one_of_each)
    called = {case.template: case.kind.label for case in cases}
    return [Preview(str(called[mail.template]), mail) for mail in found]


def _for_staff(pair: SuggestedPair) -> Proposal:
    return replace(proposal_of(pair), why_for_mentee=sentences_for_staff(pair))


def _with_addresses(run: MatchRun) -> SuggestedPair | None:
    both = run.pairs.exclude(mentee__person__email="").exclude(mentor__person__email="")
    return both.select_related("mentee__person", "mentor__person").first()
