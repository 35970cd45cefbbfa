"""A session that runs, and the one after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chiron.kernel import clock
from programs.enrollment.models import Enrollment, Role
from programs.policy.document import restore_policy, store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import publish_version
from programs.renewing import due
from programs.renewing.models import Asked, Renewal
from programs.renewing.services import prepare_next
from tenants import context
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.desk.making import small_cycle
from tests.factories.staff import make_staff

# The last session runs from February 15 to July 15; sign-up for the next one is open from July 21 to September 1.
IN_JUNE, IN_AUGUST = datetime(2027, 6, 20, 18, tzinfo=UTC), datetime(2027, 8, 2, 18, tzinfo=UTC)


@contextmanager
def running(*, mentors: int = 1, mentees: int = 1, at: datetime = IN_JUNE) -> Iterator[Cycle]:
    """A session that has run since February, in June unless said otherwise."""
    made = small_cycle(mentors=mentors, mentees=mentees)
    Cycle.objects.filter(pk=made.pk).update(state=Cycle.State.RUNNING)
    with clock.moved_to(at):
        yield fresh(made)


def fresh(cycle: Cycle) -> Cycle:
    """A session as it stands."""
    return Cycle.objects.select_related("program", "version").get(pk=cycle.pk)


def newer(cycle: Cycle, change: Callable[[dict[str, Any], dict[str, Any]], object]) -> PolicyVersion:
    """Newer settings: `change` is given the document and the session's part."""
    version = cycle.program.versions.first()
    assert version is not None
    document = store_policy(version.policy)
    change(document, next(part for part in document["parts"] if part["name"] == cycle.part))
    return publish_version(program=cycle.program, policy=restore_policy(document), by=None)


def next_of(last: Cycle, *, write: bool = True, by: Person | None = None) -> Renewal:
    """The session after this one, as it is proposed."""
    return prepare_next(last=last, by=by or make_staff(given="Noor"), write=write)


def work(renewal: Renewal) -> None:
    """What a worker does when the time has come; a second one finds nothing."""
    for _twice in range(2):
        due.ask(str(renewal.pk))


def when(kind: str, ref: str = "") -> datetime | None:
    """For when something is planned."""
    with context.platform():
        rows = Due.objects.filter(kind=kind)
        row = (rows.filter(ref=ref) if ref else rows).first()
    return row.due_at if row else None


def asked_all(last: Cycle) -> Renewal:
    """The next session, with everybody written to."""
    renewal = next_of(last)
    with clock.moved_by(timedelta(minutes=11)):
        work(renewal)
    renewal.refresh_from_db()
    return renewal


def asked(given: str) -> Asked:
    """Somebody who was asked, by first name."""
    rows = Asked.objects.select_related("renewal__coming__version", "renewal__last__version", "person")
    return rows.get(person__given_name=given)


def path(address: str, society: Society) -> str:
    """The path of a whole address on the society's host."""
    return "/" + address.partition(society.host)[2].partition("/")[2]


def link_of(mail: OutboxMail, answer: str, society: Society) -> str:
    """Where the link of an answer in a mail leads."""
    found = re.search(rf"http\S+/again/\S+\?answer={answer}", mail.text)
    assert found, mail.text
    return path(found.group(), society)


def mails(template: str) -> list[str]:
    """Who got such a mail, by first name, small."""
    return sorted(
        recipient.partition(".")[0]
        for recipient in OutboxMail.objects.filter(template=template).values_list("recipient", flat=True)
    )


def place(cycle: Cycle, given: str) -> Enrollment:
    """Somebody's sign-up."""
    return cycle.enrollments.select_related("person", "cycle__version", "cycle__program").get(person__given_name=given)


def days(cycle: Cycle) -> tuple[date, ...]:
    """The days of a session in their usual order."""
    return (
        cycle.sign_up_opens_on, cycle.sign_up_closes_on, cycle.publish_on, cycle.starts_on, cycle.ends_on,
    )  # fmt: skip


MENTOR, MENTEE = Role.MENTOR, Role.MENTEE
