"""A society leaves: everybody is told, everything can be read, it can stay, and at the end it is gone and proved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.following import follow
from billing.leaving import services
from billing.leaving.models import Departure
from billing.leaving.selectors import departure_of
from billing.meter import account_of
from billing.models import Subscription
from billing.showing import where_it_stands
from billing.standing import RESTRICTED_FOR, SUSPENDED_FOR
from billing.starting.models import Start
from billing.subscriptions import begin_trial
from chiron.design.templatetags.design import day
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import context, due, hosts
from tenants.archive.leaving import leave
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import proposed

commits = pytest.mark.django_db(transaction=True)
FORM = {"reason": "done", "words": "", "meant": "on"}
AT = "leaving:leaving"
STARTED = {"email": "ann@lakes.example.org", "name": "Lakes", "slug": "lakes", "terms": "1", "processing": "1"}


def owner() -> Person:
    return make_staff(StaffRole.Kind.OWNER, "Olga")


def leaves(society: Society, by: Person | None = None) -> Departure:
    departure = services.begin_leaving(society=society, by=by, reason=Departure.Reason.DONE)
    hosts.forget()
    return departure


def told(template: str) -> list[str]:
    return sorted(OutboxMail.objects.filter(template=template).values_list("recipient", flat=True))


def tell(departure: Departure) -> None:
    with clock.moved_to(clock.now() + services.BEFORE_ANYBODY_HEARS + timedelta(seconds=1)):
        while (job := due.claim()) is not None:
            if job.kind == services.TELL:
                due.run(job)


def test_an_owner_sees_the_days_says_why_and_leaves(sierra: Society) -> None:
    proposed("mentor")
    browser = browser_of(owner(), sierra)
    page = browser.get(reverse(AT)).content.decode()
    assert "What happens on which day" in page
    assert browser.post(reverse(AT), {"reason": "done"}).status_code == 422
    assert departure_of(sierra) is None
    assert browser.post(reverse(AT), FORM).status_code == 302
    hosts.forget()
    assert browser.post(reverse(AT), FORM).status_code == 409  # in a second tab
    departure = departure_of(sierra)
    assert departure is not None
    day = departure.ends_at.astimezone(sierra.zone)
    assert (day.date() - clock.today(sierra.zone), day.hour) == (timedelta(days=31), 0)
    assert departure.asked_by == "Olga Whitfield"
    assert "Stay" in browser.get(reverse(AT)).content.decode()


@pytest.mark.parametrize("kind", [StaffRole.Kind.MANAGER, StaffRole.Kind.SUPPORT])
def test_only_an_owner_can(sierra: Society, kind: StaffRole.Kind) -> None:
    browser = browser_of(make_staff(kind), sierra)
    assert browser.post(reverse(AT), FORM).status_code == 404
    leaves(sierra)
    assert browser.post(reverse("leaving:stay")).status_code == 404
    assert departure_of(sierra) is not None


def test_whoever_takes_part_is_told_half_an_hour_later_and_nobody_of_the_list(sierra: Society) -> None:
    mentor, mentee = proposed("mentor")
    make_person("Listed", "Only")
    departure = leaves(sierra)
    assert told("leaving") == []
    tell(departure)
    assert told("leaving") == sorted([mentor.person.email, mentee.person.email])
    text = OutboxMail.objects.filter(template="leaving").first()
    assert text is not None
    assert sierra.url(reverse("own_copy:copy")) in text.text
    for word in ("pay", "plan", "invoice", "bill"):
        assert word not in text.text.lower()


def test_everything_can_be_read_and_nothing_changed_but_by_staying(sierra: Society) -> None:
    mentor, _ = proposed("mentor")
    boss = owner()
    leaves(sierra)
    mine, theirs = browser_of(mentor.person, sierra), browser_of(boss, sierra)
    page = mine.get(reverse("own_copy:copy"))
    assert page.status_code == 200
    assert "This portal closes after" in page.content.decode()
    said = mine.post(reverse("mentorships:yes", args=[mentor.mentorship_id]))
    assert (said.status_code, "nothing can be changed" in said.content.decode()) == (409, True)
    mentor.refresh_from_db()
    assert mentor.answer == "waiting"
    assert theirs.post(reverse("society:settings"), {"keep": "yes"}).status_code == 409
    assert theirs.post(reverse("account_logout")).status_code == 302
    assert browser_of(boss, sierra).post(reverse("leaving:stay")).status_code == 302
    hosts.forget()
    assert mine.post(reverse("mentorships:yes", args=[mentor.mentorship_id])).status_code == 302


def test_staying_within_half_an_hour_is_heard_of_by_nobody(sierra: Society) -> None:
    proposed("mentor")
    departure = leaves(sierra)
    services.stay(society=sierra, by=None)
    tell(departure)
    assert told("leaving") == told("leaving_stopped") == []
    with context.platform():
        sierra.refresh_from_db()
    assert (sierra.state, sierra.leaves_at) == (departure.state_before, None)


def test_staying_later_is_told_to_whoever_was_told(sierra: Society) -> None:
    proposed("mentor")
    departure = leaves(sierra)
    tell(departure)
    with clock.moved_to(clock.now() + timedelta(days=3)):
        services.stay(society=sierra, by=None)
        tell(departure)
    assert told("leaving_stopped") == told("leaving") != []


def test_what_was_planned_waits_while_a_society_leaves(sierra: Society) -> None:
    due.schedule("mentorship.reminder", "x", at=clock.now())
    leaves(sierra)
    with context.platform():
        job = due.take(Due.objects.get(ref="x"), clock.now())
    due.run(job)
    with context.platform():
        row = Due.objects.get(ref="x")
    assert (row.attempts, row.due_at > clock.now()) == (0, True)


@commits
def test_at_the_end_all_is_deleted_and_proved_and_twice_is_once(lakes: Society) -> None:
    departure = services.begin_leaving(society=lakes, by=None, reason=Departure.Reason.PRICE)
    with context.platform():
        Start.objects.create(**STARTED, agreed_at=clock.now(), society=lakes)
    with clock.moved_to(departure.ends_at - timedelta(minutes=1)):
        services.delete_who_left()
        with context.platform():
            lakes.refresh_from_db()
        assert lakes.state == Society.State.LEAVING
    with clock.moved_to(departure.ends_at):
        services.delete_who_left()
        services.delete_who_left()
    with context.platform():
        lakes.refresh_from_db()
        departure.refresh_from_db()
        assert (lakes.state, lakes.dropped_at is not None) == (Society.State.LEFT, True)
        assert (departure.deleted["people"], departure.readers) == (1, [])
        proof = OutboxMail.objects.get(template="leaving_deleted")
        assert proof.recipient == "ann@lakes.example.org"
        assert "people: 1" in proof.text
        assert str(departure.pk) in proof.text
        assert Entry.objects.filter(verb="society.dropped").count() == 1
        assert not Start.objects.exists()


@commits
def test_a_deletion_that_was_interrupted_goes_on(lakes: Society) -> None:
    departure = services.begin_leaving(society=lakes, by=None, reason=Departure.Reason.PRICE)
    with clock.moved_to(departure.ends_at):
        with context.platform():
            kept = {"deleted": {"people": 7}, "readers": [["Ann", "ann@lakes.example.org"]]}
            Departure.objects.filter(pk=departure.pk).update(**kept)
        leave(lakes)  # and then somebody pulled the plug
        services.delete_who_left()
    with context.platform():
        assert "people: 7" in OutboxMail.objects.get(template="leaving_deleted").text


def test_a_plan_alone_stops_the_deletion_of_who_has_none(sierra: Society) -> None:
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(state=Society.State.SUSPENDED)
    services.begin_deletion(society=sierra, ends=clock.now() + timedelta(days=30))
    boss = owner()
    # A worker came late: the days are those of the deletion, and no press of a button stops it.
    begun, ends = clock.now() - timedelta(days=3), clock.now() + timedelta(days=20)
    with context.platform():
        Departure.objects.filter(society=sierra).update(begun_at=begun, ends_at=ends)
    hosts.forget()
    page = browser_of(boss, sierra).get("/staff/settings/leaving/").content.decode()
    assert f"On {day(ends.astimezone(sierra.zone).date())} everything is deleted" in page
    assert "with one press" not in page
    assert "Until then a plan stops it." in page
    with pytest.raises(DomainError, match="Choose a plan"):
        services.stay(society=sierra, by=boss)
    services.stay_with_a_plan(society=sierra)
    with context.platform():
        sierra.refresh_from_db()
    assert sierra.state == Society.State.ACTIVE
    leaves(sierra, by=boss)
    services.stay_with_a_plan(society=sierra)
    assert departure_of(sierra) is not None


@pytest.mark.parametrize("late", [0, 20, 45])
def test_thirty_days_remain_however_late_it_was_said_and_everything_names_that_day(sierra: Society, late: int) -> None:
    subscription = begin_trial(society=sierra)
    make_staff(StaffRole.Kind.OWNER, "Olga")
    ends = subscription.trial_ends_at.replace(hour=3)  # the evening before, where the society is
    with context.platform():
        Subscription.objects.update(trial_ends_at=ends)
        subscription.refresh_from_db()
    over = ends + RESTRICTED_FOR + SUSPENDED_FOR
    with clock.moved_to(over + timedelta(days=late)), context.platform():
        follow(subscription)
        sierra.refresh_from_db()
        assert sierra.leaves_at is not None
        assert sierra.leaves_at >= over + timedelta(days=late + 30)
        named = day(sierra.leaves_at.astimezone(sierra.zone).date())
        assert f"On {named} the portal" in OutboxMail.objects.get(template="billing_standing").text
        with clock.moved_by(timedelta(days=20)):  # and it stays that day
            account = account_of(sierra)
            assert account is not None
            assert account.standing.until == sierra.leaves_at
            assert where_it_stands(account, sierra).endswith(f"deleted on {named}.")
            services.delete_who_left()
        assert not Departure.objects.filter(deleted_at__isnull=False).exists()


def test_long_without_a_plan_it_can_be_read_once_more_and_a_plan_stops_it(sierra: Society) -> None:
    subscription = begin_trial(society=sierra)
    with clock.moved_to(subscription.trial_ends_at + RESTRICTED_FOR + SUSPENDED_FOR), context.platform():
        standing = follow(subscription)
        sierra.refresh_from_db()
        assert sierra.state == Society.State.LEAVING
        assert sierra.leaves_at == standing.until
        Subscription.objects.update(status=Subscription.Status.ACTIVE)
        subscription.refresh_from_db()
        follow(subscription)
        sierra.refresh_from_db()
        assert (sierra.state, sierra.leaves_at) == (Society.State.ACTIVE, None)
