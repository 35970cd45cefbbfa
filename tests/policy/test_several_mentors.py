"""Several mentors for a mentee, each for one thing, and first ones before second ones: the settings and their words."""

from __future__ import annotations

from typing import Any

import pytest

from programs.policy import templates
from programs.policy.document import PolicyError, diff, restore_policy, store_policy
from programs.policy.editing.of_joining import places
from programs.policy.overview import in_full
from programs.policy.page import pages_of

BOTH = {"by_aspect": True, "first_before_second": True}


def changed(template: str = "primary-care", part: int = 0, **more: Any) -> dict[str, Any]:
    stored: dict[str, Any] = store_policy(templates.load(template))
    stored["parts"][part]["roles"]["mentee"]["mentors"] |= more
    return stored


def asked(stored: dict[str, Any], part: int = 0) -> set[str]:
    return {entry.name for entry in places(stored["parts"][part])}


def test_it_is_off_unless_a_program_asks_and_then_nowhere_to_be_seen() -> None:
    for name in templates.names():
        policy = templates.load(name)
        for part in policy.parts:
            on = (name, part.name) == ("primary-care", "A menu of mentors")
            assert (part.mentors.by_aspect, part.mentors.first_before_second) == (on, on)
    plain = templates.load("one-to-one-mentoring")
    assert plain.parts[0].mentors.most == 1
    assert not any("mentors-by_aspect" in name or "first_before" in name for name in asked(store_policy(plain)))
    said = str(in_full(plain)) + str(pages_of(plain))
    assert "for one thing" not in said
    assert "first mentor" not in said


def test_who_may_have_several_is_asked_and_who_has_it_on_can_switch_it_off() -> None:
    fields = {"roles-mentee-mentors-by_aspect", "roles-mentee-mentors-first_before_second"}
    assert fields <= asked(changed())
    assert fields <= asked(changed("one-to-one-mentoring", most=2))
    assert fields <= asked(changed("one-to-one-mentoring", first_before_second=True))
    assert not fields & asked(changed("one-to-one-mentoring"))


def test_pages_say_it_to_staff_and_to_those_who_sign_up() -> None:
    policy = templates.load("primary-care")
    menu, staff = str(pages_of(policy)[0]), str(in_full(policy)[0])
    assert "up to 3 mentors, each for one thing they would like help with" in menu
    assert "Everybody gets a first mentor before anybody gets a second one." in menu
    assert "1 mentor, at most 3; each for one thing they would like help with; everybody a first one" in staff


def test_versions_differ_in_words() -> None:
    off = restore_policy(changed(**dict.fromkeys(BOTH, False)))
    said = [str(change) for change in diff(off, templates.load("primary-care"))]
    assert [line.rsplit(", ", 1)[-1] for line in said] == [
        "a mentor for each thing they would like help with: no → yes",
        "everybody gets a first one before anybody a second: no → yes",
    ]


def test_only_two_can_be_a_mentee_of_several() -> None:
    with pytest.raises(PolicyError, match="Only in a one-to-one part can a mentee have several mentors"):
        restore_policy(changed(part=1, by_aspect=True))


def test_things_that_nobody_is_asked_about_cannot_have_mentors() -> None:
    for role, question in (("mentee", "aspects_wanted"), ("mentor", "aspects_offered")):
        stored = changed()
        intake = stored["parts"][0]["intake"]
        intake[role] = [each for each in intake[role] if question not in str(each)]
        with pytest.raises(PolicyError, match=f"ask every {role} “{question}” at sign-up"):
            restore_policy(stored)


def test_lists_of_both_sides_leave_no_room_for_it() -> None:
    stored = changed("one-to-one-mentoring", most=2, first_before_second=True)
    matching = stored["parts"][0]["matching"]
    matching["by"], matching["wishes"] = ["wishes"], {"ranked_by": "both", "pairs_by": "lists"}
    with pytest.raises(PolicyError, match="follow the lists of both sides"):
        restore_policy(stored)
