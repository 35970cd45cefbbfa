"""Surveys leave on their days by themselves, to whoever was introduced, and follow a session that is moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships.ending import end_mentorship
from programs.mentorships.models import Letter, Mentorship, Participation
from programs.mentorships.touch.letters import note
from programs.outcomes.asking import OPENS, day_of, send_now
from programs.policy.models import Cycle
from programs.policy.services import change_state, move_dates
from programs.surveys.models import Wave
from programs.surveys.waves import remind
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.factories.programs import make_cycle
from tests.factories.staff import make_staff
from tests.outcomes.making import introduce, running, when_due
from tests.surveys.asking_many import answer_all, asked, with_surveys

DAY = timedelta(days=1)


def planned(cycle: Cycle) -> dict[str, int]:
    """In how many days each of a session's surveys leaves, by its number."""
    with context.platform():
        rows = list(Due.objects.filter(kind=OPENS, ref__startswith=str(cycle.pk)))
    return {row.ref.rpartition(":")[2]: (row.due_at.date() - clock.today()).days for row in rows}


def reminded(wave: Wave) -> list[str]:
    """Who gets a reminder of this day, by first name."""
    before = set(OutboxMail.objects.values_list("pk", flat=True))
    remind(wave=Wave.objects.select_related("cycle__program", "cycle__version").get(pk=wave.pk))
    new = OutboxMail.objects.filter(template="survey_reminder").exclude(pk__in=before)
    return sorted(name.partition(" ")[0] for name in new.values_list("recipient_name", flat=True))


def test_a_reminder_counts_among_the_two_mails_of_a_month(sierra: Society) -> None:
    cycle = running({"closes_after": "8 weeks", "reminders": 2}, pairs=3)
    wave = send_now(cycle=cycle, position=0, by=make_staff())
    pairs = [place.mentorship for place in Participation.objects.filter(role="mentor").order_by("person__given_name")]
    old = clock.now() - timedelta(days=60)
    Mentorship.objects.update(introduced_at=old)
    note(pairs[1], "question.question")
    end_mentorship(mentorship=pairs[2], by=None)
    answer_all([each for each in asked(wave) if each.person.given_name == "Mentee0"], ["yes"])
    with clock.moved_by(7 * DAY):
        assert reminded(wave) == ["Mentee2", "Mentor0", "Mentor2"], "the second pair has had two mails"
    counts = {pair.pk: pair.letters.count() for pair in pairs}
    assert counts == {pairs[0].pk: 2, pairs[1].pk: 2, pairs[2].pk: 1}
    with clock.moved_by(14 * DAY):
        assert reminded(wave) == ["Mentee2", "Mentor2"], "and now the first too"
    with clock.moved_by(40 * DAY):
        assert reminded(wave) == ["Mentee1", "Mentee2", "Mentor0", "Mentor1", "Mentor2"]


@pytest.mark.parametrize(
    ("survey", "days"),
    [
        ({"wave": "baseline"}, 0),
        ({"wave": "day 30"}, 30),
        ({"wave": "midpoint"}, 100),
        ({"wave": "end"}, 200),
        ({"wave": "end", "after": "60 days"}, 60),
    ],
)
def test_the_day_of_a_survey_follows_from_its_session(sierra: Society, survey: dict[str, Any], days: int) -> None:
    cycle = running(survey, pairs=0)
    assert day_of(cycle, cycle.settings.surveys[0]) == cycle.starts_on + days * DAY


def test_six_months_after_the_end_by_the_calendar(sierra: Society) -> None:
    cycle = with_surveys(make_cycle(), {"wave": "six months after"})
    assert 180 <= (day_of(cycle, cycle.settings.surveys[0]) - cycle.ends_on).days <= 185


def test_surveys_are_planned_once_pairs_are_published_and_move_with_the_dates(sierra: Society) -> None:
    cycle = running({"wave": "baseline"}, {"wave": "end"}, {"wave": "six months after"})
    assert set(planned(cycle)) == {"1", "2"}, "the first one's time was over before"
    assert planned(cycle)["1"] == 100
    move_dates(cycle=cycle, by=None, ends_on=cycle.ends_on + 20 * DAY)
    assert planned(cycle)["1"] == 120


def test_a_session_that_is_not_published_plans_none(sierra: Society) -> None:
    cycle = with_surveys(make_cycle(), {"wave": "end"})
    change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)
    assert planned(cycle) == {}


def test_on_its_day_a_survey_goes_once_to_everybody_who_was_introduced_in_its_roles(sierra: Society) -> None:
    cycle = running({"wave": "end", "to": ["mentee"]}, pairs=3)
    end_mentorship(mentorship=Mentorship.objects.order_by("pk")[0], by=None)
    with clock.moved_by(101 * DAY):
        when_due()
        change_state(cycle=cycle, to=Cycle.State.CLOSING, by=None)
        when_due()
    wave = Wave.objects.get()
    assert [each.person.given_name for each in asked(wave)] == ["Mentee0", "Mentee1", "Mentee2"]
    assert planned(cycle) == {}


def test_where_nobody_is_introduced_yet_it_waits_for_them(sierra: Society) -> None:
    cycle = running({"wave": "day 30", "closes_after": "100 days"}, pairs=0)
    with clock.moved_by(DAY):
        when_due()
    assert (Wave.objects.count(), set(planned(cycle))) == (0, {"0"})
    introduce(cycle, 0)
    with clock.moved_by(3 * DAY):
        when_due()
    assert Wave.objects.get().people.count() == 2


def test_staff_may_send_it_earlier_and_then_it_does_not_go_again(sierra: Society) -> None:
    cycle, sam = running({"wave": "end"}), make_staff()
    wave = send_now(cycle=cycle, position=0, by=sam)
    assert send_now(cycle=cycle, position=0, by=sam) == wave
    assert planned(cycle) == {}
    assert Entry.objects.get(verb="survey.sent").actor_id == sam.pk
    # It is one of the few mails of this month, and so the next question waits.
    assert Letter.objects.filter(about="survey").count() == cycle.mentorships.count() == 2


def test_before_pairs_are_published_there_is_nobody_to_ask(sierra: Society) -> None:
    cycle = with_surveys(make_cycle(), {"wave": "end"})
    with pytest.raises(DomainError, match="once the pairs of this session are published"):
        send_now(cycle=cycle, position=0, by=make_staff())


def test_a_session_without_pairs_has_nobody_to_ask(sierra: Society) -> None:
    with pytest.raises(DomainError, match="Nobody has been introduced"):
        send_now(cycle=running({"wave": "end"}, pairs=0), position=0, by=make_staff())
