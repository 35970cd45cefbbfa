"""What becomes of a result: adopted, adopted with a change, or left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.council import mails
from matching.council.counting import WHOLE, Percents, Result
from matching.council.models import Ballot
from programs.enrollment import moving
from programs.enrollment.adopting import adopt_settings
from programs.policy.document import Policy, policy_hash, restore_policy, store_policy
from programs.policy.models import PolicyVersion
from programs.policy.services import FROZEN, publish_version
from tenants import audit
from tenants.people.models import Person

State = Ballot.State


@transaction.atomic
def adopt(
    *, ballot: Ballot, percents: Percents | None = None, reason: str = "", after: int | None = None, by: Person
) -> Ballot:
    """Make the result, or what a person makes of it, the program's newest settings and move the session to them.

    percents: other numbers than the result's, with a reason; after: the number of the newest settings that were seen.
    Adopting twice changes nothing. DomainError if there is no result, or somebody decided otherwise meanwhile.
    """
    locked = _locked(ballot)
    if locked.state == State.ADOPTED:
        return locked
    result = _to_decide(locked)
    is_changed = percents is not None and dict(percents) != dict(result.percents)
    reason = reason.strip()
    if is_changed and not reason:
        raise DomainError(_("Say why you change it. The council reads it."), field="reason")
    wanted = dict(percents) if percents is not None else dict(result.percents)
    if set(wanted) != set(result.percents) or sum(wanted.values()) != WHOLE or min(wanted.values()) < 0:
        raise DomainError(_("The numbers have to add up to 100 percent."))
    version = _keep(locked, wanted, after, by)
    if locked.cycle.state not in FROZEN:
        if moving.is_large(locked.cycle):
            moving.ask(cycle=locked.cycle, version=version, by=by)
        else:
            adopt_settings(cycle=locked.cycle, version=version, by=by)
    locked.adopted = version
    _decide(locked, State.ADOPTED, reason if is_changed else "", by)
    audit.record("council.adopted", subject=locked, actor=by, changed=is_changed, version=version.number)
    mails.tell_decided(locked, _council(locked))
    return locked


@transaction.atomic
def leave_as_it_is(*, ballot: Ballot, reason: str = "", by: Person) -> Ballot:
    """Keep the settings as they are, with a word to the council. Done twice, it changes nothing.

    DomainError if the ballot is open, or was adopted meanwhile.
    """
    locked = _locked(ballot)
    if locked.state == State.LEFT:
        return locked
    if locked.state != State.CLOSED:
        raise DomainError(_("There is nothing to decide about this ballot now."))
    _decide(locked, State.LEFT, reason.strip(), by)
    audit.record("council.left", subject=locked, actor=by)
    mails.tell_decided(locked, _council(locked))
    return locked


def _locked(ballot: Ballot) -> Ballot:
    rows = Ballot.objects.select_for_update(of=["self"])
    return rows.select_related("version", "cycle__program", "cycle__version", "adopted").get(pk=ballot.pk)


def _to_decide(ballot: Ballot) -> Result:
    if ballot.state != State.CLOSED:
        raise DomainError(_("There is nothing to decide about this ballot now."))
    result = Result.restored(ballot.result)
    if not result.percents:
        raise DomainError(_("Too few voted for a result, so there is nothing to adopt."))
    return result


def _keep(ballot: Ballot, percents: Mapping[str, int], after: int | None, by: Person) -> PolicyVersion:
    """The program's newest settings with these weights, as a new version unless they have them already."""
    program = ballot.cycle.program
    newest = program.versions.order_by("-number").first()
    if newest is None or ballot.cycle.part not in {part.name for part in newest.policy.parts}:
        raise DomainError(_("The newest settings have no part “%(part)s” any more.") % {"part": ballot.cycle.part})
    policy = reweighed(newest.policy, ballot, percents)
    if policy_hash(policy) == newest.digest and after in (None, newest.number):
        return newest
    return publish_version(program=program, policy=policy, by=by, note=_("What the council decided"), after=after)


def reweighed(policy: Policy, ballot: Ballot, percents: Mapping[str, int]) -> Policy:
    """A document in which the ballot's part has these weights. How closeness is measured stays as it is."""
    document = store_policy(policy)
    (part,) = [part for part in document["parts"] if part["name"] == ballot.cycle.part]
    before: dict[str, Any] = part.get("matching", {}).get("weights", {})
    asked = store_policy(ballot.version.policy)["parts"]
    options = {name: each for found in asked for name, each in found.get("matching", {}).get("weights", {}).items()}
    weights = {}
    for name in dict.fromkeys([*before, *percents]):
        more = before.get(name, options.get(name))
        points = percents.get(name, 0) * 10
        weights[name] = more | {"points": points} if isinstance(more, dict) else points
    part.setdefault("matching", {})["weights"] = weights
    _no_longer_ours(document, part["name"])
    return restore_policy(document)


def _no_longer_ours(document: dict[str, Any], part: str) -> None:
    """What the council decided is no default of ours any more, and is not marked as one."""
    source = document.get("source") or {}
    of_the_part = {f"{part}.matching.weights", *(["matching.weights"] if len(document["parts"]) == 1 else [])}
    if of_the_part & set(source.get("ours", ())):
        source["ours"] = [written for written in source["ours"] if written not in of_the_part]


def _decide(ballot: Ballot, state: Ballot.State, reason: str, by: Person) -> None:
    ballot.state, ballot.reason, ballot.decided_by, ballot.decided_at = state, reason, by, clock.now()
    ballot.save(update_fields=["state", "reason", "decided_by", "decided_at", "adopted"])


def _council(ballot: Ballot) -> list[Person]:
    return [voter.person for voter in ballot.voters.select_related("person")]
