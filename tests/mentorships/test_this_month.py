"""What to talk about and to do in each month: the beginning first, the end last, everything in its turn."""

from __future__ import annotations

from datetime import date

from programs.mentorships.this_month import activities, month_of, prompts
from programs.policy.document.texts import Activity, Prompt

NAMES = ("first_meeting", "goals_together", "halfway", "looking_back", "boards", "first_job", "burnout")
TALKS = [Prompt.model_validate(name) for name in NAMES]
FIRST, LAST = date(2027, 2, 15), date(2027, 7, 15)


def test_months_are_counted_from_the_first_day_and_stay_within_the_session() -> None:
    days = (date(2026, 12, 1), FIRST, date(2027, 3, 20), date(2027, 7, 14), date(2028, 1, 1))
    assert [month_of(day, FIRST, LAST) for day in days] == [(1, 5), (1, 5), (2, 5), (5, 5), (5, 5)]


def test_five_months_of_talks() -> None:
    said = [[each.name for each in prompts(TALKS, month, 5)] for month in range(1, 6)]
    assert said[0] == ["first_meeting", "goals_together"]
    assert [month[0] for month in (said[2], said[4])] == ["halfway", "looking_back"]
    assert {name for month in said for name in month} == set(NAMES)
    assert all(len(month) == 2 for month in said)


def test_a_program_of_its_own_words_has_them_in_turn() -> None:
    own = [Prompt.model_validate({"text": f"Talk {number}."}) for number in range(3)]
    assert [each.text for each in prompts(own, 1, 3)] == ["Talk 0.", "Talk 1."]
    assert prompts([], 2, 5) == []


def test_three_things_to_do_a_month() -> None:
    doings = [Activity.model_validate({"text": f"Do {number}."}) for number in range(7)]
    assert [each.text for each in activities(doings, 3)] == ["Do 6.", "Do 0.", "Do 1."]
    assert activities(doings[:2], 4) == doings[:2]
