"""Publishing: all or nothing, once, and never what is out of date."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.models import MatchRun
from matching.publishing.previews import preview_of
from matching.publishing.services import publish
from matching.services import decide_pair, suggest_pairs
from programs.agreements.models import Agreed
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship, Participation
from programs.policy.models import Cycle
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.desk.making import NEVER, small_cycle
from tests.factories.programs import make_person


def nothing_happened(run: MatchRun) -> bool:
    return (Mentorship.objects.count(), OutboxMail.objects.count()) == (0, 0) and (
        MatchRun.objects.get(pk=run.pk).state == MatchRun.State.DRAFT
    )


def test_mentors_are_asked_and_the_session_runs(sierra: Society) -> None:
    staff = make_person("Dana", "Whitfield")
    run = publish(run=suggest_pairs(cycle=small_cycle(), by=staff), by=staff)
    assert Cycle.objects.get().state == Cycle.State.RUNNING
    assert set(Enrollment.objects.values_list("state", flat=True)) == {Enrollment.State.MATCHED}
    assert sorted(Participation.objects.values_list("role", "answer")) == [
        ("mentee", "not_asked"),
        ("mentee", "not_asked"),
        ("mentor", "waiting"),
        ("mentor", "waiting"),
    ]
    assert sorted(mail.template for mail in OutboxMail.objects.all()) == ["mentorship_asked"] * 2
    assert (run.published_by, run.pairs.exclude(mentorship=None).count()) == (staff, 2)
    assert Entry.objects.filter(verb="match.published").count() == 1


def test_publishing_again_changes_nothing(sierra: Society) -> None:
    run = suggest_pairs(cycle=small_cycle(), by=None)
    published_at = publish(run=run, by=None).published_at
    assert publish(run=run, by=make_person()).published_at == published_at
    assert Mentorship.objects.count() == OutboxMail.objects.count() == 2


def test_a_replaced_draft_is_not_published(sierra: Society) -> None:
    cycle = small_cycle()
    old, new = suggest_pairs(cycle=cycle, by=None), suggest_pairs(cycle=cycle, by=None)
    with pytest.raises(DomainError, match="newer draft"):
        publish(run=old, by=None)
    assert nothing_happened(new)


def _changes_an_answer(run: MatchRun) -> None:
    pair = run.pairs.all()[0]
    Enrollment.objects.filter(pk=pair.mentee_id).update(changed_at=clock.now() + timedelta(minutes=1))


def _leaves(run: MatchRun) -> None:
    Enrollment.objects.filter(pk=run.pairs.all()[0].mentor_id).update(state=Enrollment.State.WITHDRAWN)


def _is_ruled_out(run: MatchRun) -> None:
    pair = run.pairs.all()[0]
    decide_pair(
        cycle=run.cycle, mentee=pair.mentee, mentor=pair.mentor, kind=NEVER, reason="", by=make_person("Dana", "W")
    )


def _proof_is_spoilt(run: MatchRun) -> None:
    result = run.result
    result["total"] += 1
    MatchRun.objects.filter(pk=run.pk).update(result=result)


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        (_changes_an_answer, "1 person of this draft has changed something"),
        (_leaves, "1 person of this draft has changed something"),
        (_is_ruled_out, "said otherwise of a pair"),
        (_proof_is_spoilt, "no longer passes its check"),
    ],
)
def test_what_is_out_of_date_is_not_published(
    sierra: Society, meanwhile: Callable[[MatchRun], None], sentence: str
) -> None:
    run = suggest_pairs(cycle=small_cycle(), by=None)
    meanwhile(run)
    with pytest.raises(DomainError, match=sentence):
        publish(run=run, by=None)
    assert nothing_happened(run)


def test_an_empty_draft_is_not_published(sierra: Society) -> None:
    run = suggest_pairs(cycle=small_cycle(), by=None)
    run.pairs.all().delete()
    with pytest.raises(DomainError, match="no pair in this draft"):
        publish(run=run, by=None)


@pytest.mark.parametrize("agrees", [True, False], ids=["who agreed", "whom a sheet brought"])
def test_looking_at_the_mails_leaves_nothing_behind(sierra: Society, agrees: bool) -> None:
    run = suggest_pairs(cycle=small_cycle(agrees=agrees), by=None)
    written_down = Agreed.objects.count()
    mails = preview_of(run)
    assert Agreed.objects.count() == written_down
    pair = run.pairs.select_related("mentee__person", "mentor__person")[0]
    mentor, mentee = pair.mentor.person.name, pair.mentee.person.name
    assert [mail.to for mail in mails[:3]] == [mentor, mentor, mentee]
    assert sorted(mail.to for mail in mails[3:]) == sorted([mentor, mentee])
    first, later = "Once both have said yes", "After the first yes"
    assert [mail.when for mail in mails] == ["At once", "If no answer comes", later, first, first]
    assert "a mentee for you" in mails[0].subject
    assert nothing_happened(run)
    with context.platform():
        assert not Due.objects.filter(kind="mentorship.reminder").exists()


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_publish_once(societies: dict[str, Society]) -> None:
    with context.society(societies["sierra"]):
        run = suggest_pairs(cycle=small_cycle(mentors=4, mentees=4), by=None)
    together(2, lambda number: publish(run=run, by=None), societies["sierra"])
    with context.society(societies["sierra"]):
        assert Mentorship.objects.count() == OutboxMail.objects.count() == 4
        assert Entry.objects.filter(verb="match.published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_publishing_and_suggesting_at_once_leave_one_of_two_orders(societies: dict[str, Society]) -> None:
    with context.society(societies["sierra"]):
        cycle = small_cycle(mentors=4, mentees=4)
        run = suggest_pairs(cycle=cycle, by=None)
    works = [lambda: publish(run=run, by=None), lambda: suggest_pairs(cycle=cycle, by=None)]
    refused = together(2, lambda number: works[number](), societies["sierra"])
    with context.society(societies["sierra"]):
        states = sorted(MatchRun.objects.values_list("state", flat=True))
        if Mentorship.objects.exists():
            assert (states, refused[0], Mentorship.objects.count()) == (["published"], None, 4)
            assert "nobody to match" in str(refused[1])
        else:
            assert (states, refused[1]) == (["draft", "replaced"], None)
            assert "newer draft" in str(refused[0])


def together(count: int, work: Callable[[int], object], society: Society) -> list[DomainError | None]:
    """Do work at the same moment on connections of its own; returns what each was refused."""
    ready = Barrier(count)

    def one(number: int) -> DomainError | None:
        try:
            ready.wait(timeout=10)
            with context.society(society):
                work(number)
        except DomainError as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))
