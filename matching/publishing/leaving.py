"""From the button to the mails: half an hour, or until a chosen day, in which one press takes everything back.

Nothing begins before the time has come: no mentorship, no mail, no state. Then everything begins in one transaction,
or nothing does and whoever pressed the button is told why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.locking import locked_cycle
from matching.models import MatchRun
from matching.publishing.checks import must_be_true
from matching.publishing.models import Publication
from matching.publishing.others import tell_others
from matching.publishing.selectors import plan_of, to_begin
from matching.publishing.services import publish
from programs.policy.models import Cycle
from tenants import allowance, audit, due, outbox
from tenants.allowance import Thing
from tenants.people.models import Person

State = Publication.State
# Publications lie in the platform's table of what is due under this kind; the reference is the publication's id.
KIND = "match.leaves"
WAIT = timedelta(minutes=30)


@transaction.atomic
def plan(
    *,
    run: MatchRun,
    asked_first: str,
    wanted_at: datetime | None,
    by: Person | None,
    left_out: Sequence[str] = (),
    words: Mapping[str, str] | None = None,
) -> Publication:
    """Keep how a draft is to be published, to be looked at before the button is pressed.

    left_out: who of everybody else is not written to; words: our own paragraph for some of them, for this time.
    DomainError if the draft is no draft any more, waits to leave already, or if the time cannot be.
    """
    cycle, locked = _locked(run)
    _must_be_a_draft(locked)
    planned = plan_of(locked)
    if planned.state == State.WAITING:
        raise DomainError(_("These pairs are about to be published. Press Stop first, then change what you like."))
    _must_be_in_time(cycle, wanted_at)
    planned.asked_first = "" if cycle.settings.in_groups else asked_first
    planned.wanted_at, planned.by = wanted_at, by
    planned.left_out, planned.words = sorted(left_out), dict(words or {})
    planned.save()
    return planned


@transaction.atomic
def publish_later(*, run: MatchRun, by: Person | None) -> Publication:
    """Let a draft leave as planned, no sooner than in half an hour. Pressing twice changes nothing.

    DomainError if it could not be published now, if there is no room for so many, or if the time that was chosen is
    over.
    """
    cycle, locked = _locked(run)
    if done := locked.publications.filter(state__in=[State.WAITING, State.DONE]).first():
        return done
    _must_be_a_draft(locked)
    must_be_true(locked, cycle)
    planned = plan_of(locked)
    _must_be_in_time(cycle, planned.wanted_at)
    allowance.require_here(Thing.PUBLISH, pairs=to_begin(locked))  # kept from now on, for what waits counts
    planned.state, planned.by = State.WAITING, by
    planned.leaves_at = planned.wanted_at or clock.now() + WAIT
    planned.save()
    due.schedule(KIND, str(planned.pk), at=planned.leaves_at)
    audit.record("match.will_be_published", subject=locked, actor=by, at=planned.leaves_at.isoformat())
    return planned


@transaction.atomic
def stop(*, publication: Publication, by: Person | None) -> Publication:
    """Take a whole publication back before anything of it has begun; stopping twice changes nothing.

    DomainError once the mails have left.
    """
    _locked(publication.run)
    stopped = Publication.objects.select_for_update(of=["self"]).select_related("run").get(pk=publication.pk)
    if stopped.state == State.DONE:
        raise DomainError(_("Too late: the mails have left. You can still change or end single pairs."))
    if stopped.state != State.WAITING:
        return stopped
    _end(stopped, State.STOPPED, by)
    due.cancel(KIND, str(stopped.pk))
    audit.record("match.stopped", subject=stopped.run, actor=by)
    return stopped


@transaction.atomic
def leave_now(*, publication: Publication, by: Person | None) -> Publication:
    """Publish at once what waits for its time; doing it twice changes nothing."""
    _locked(publication.run)
    locked = Publication.objects.select_for_update(of=["self"]).select_related("run").get(pk=publication.pk)
    if locked.state != State.WAITING:
        return locked
    locked.leaves_at = clock.now()
    locked.save(update_fields=["leaves_at"])
    due.cancel(KIND, str(locked.pk))
    audit.record("match.published_at_once", subject=locked.run, actor=by)
    return leave(publication=locked)


@transaction.atomic
def leave(*, publication: Publication) -> Publication:
    """Publish what nobody stopped, once its time has come; doing it again changes nothing.

    If it cannot be published any more the draft stays, and whoever pressed the button is told why.
    """
    cycle, run = _locked(publication.run)
    locked = Publication.objects.select_for_update(of=["self"]).select_related("by").get(pk=publication.pk)
    if locked.state != State.WAITING or locked.leaves_at is None or locked.leaves_at > clock.now():
        return locked
    locked.run = run
    try:
        with transaction.atomic():
            publish(run=run, by=locked.by, asked_first=locked.asked_first)
            told = tell_others(locked)
            audit.record("match.others_told", subject=run, actor=locked.by, people=told)
            _end(locked, State.DONE, None)
    except DomainError as error:
        locked.trouble = error.message[:300]
        _end(locked, State.REFUSED, None)
        audit.record("match.not_published", subject=run, actor=locked.by)
        if locked.by:
            context = {"program": cycle.program, "cycle": cycle, "trouble": locked.trouble, "me": locked.by}
            outbox.mail("publication_refused", to=locked.by, context=context, reply_to=cycle.program.contact)
    return locked


def _locked(run: MatchRun) -> tuple[Cycle, MatchRun]:
    """The session and then the draft, always in this order."""
    cycle = locked_cycle(Cycle(pk=run.cycle_id))
    locked = MatchRun.objects.select_for_update(of=["self"]).select_related("version").get(pk=run.pk)
    locked.cycle = cycle
    return cycle, locked


def _must_be_a_draft(run: MatchRun) -> None:
    if run.state == MatchRun.State.PUBLISHED:
        raise DomainError(_("These pairs are published already."))
    if run.state != MatchRun.State.DRAFT:
        raise DomainError(_("A newer draft has taken this one's place. Look at that one."))


def _must_be_in_time(cycle: Cycle, wanted_at: datetime | None) -> None:
    if wanted_at is None:
        return
    if wanted_at < clock.now() + WAIT:
        raise DomainError(_("Choose a time that is at least half an hour away, or leave it empty."), field="day")
    if wanted_at.date() > cycle.ends_on:
        raise DomainError(_("Choose a day before the session ends."), field="day")


def _end(publication: Publication, state: Publication.State, by: Person | None) -> None:
    publication.state, publication.ended_at, publication.ended_by = state, clock.now(), by
    publication.save(update_fields=["state", "ended_at", "ended_by", "trouble"])
