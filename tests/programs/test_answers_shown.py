"""What staff read of a sign-up's answers."""

from __future__ import annotations

from programs.enrollment.services import sign_up
from programs.enrollment.showing import answers_shown
from tenants.models import Society
from tests.factories.programs import make_cycle, make_person
from tests.programs.test_step_by_step import ASKS, second_session

MORE = """\
        - {ask: grid, text: How well?, kind: matrix, rows: [Wine, Song], choices: [well, badly]}
        - {ask: since, text: Since when?, kind: month}
"""


def shown(society: Society, text: str, **extra: object) -> dict[str, tuple[str, str]]:
    """What staff read of answers that fill no field of a participant."""
    cycle, person = second_session(society, text), make_person()
    enrollment = sign_up(cycle=cycle, person=person, role="mentee", answers={"extra": extra}, by=person)
    return {said.label: (said.text, said.file) for said in answers_shown(enrollment)}


def test_every_kind_reads_as_words_and_a_file_can_be_fetched(sierra: Society) -> None:
    text = ASKS.replace("        - aspects_wanted\n", f"{MORE}        - aspects_wanted\n")
    kept = {"grid": {"Wine": "well"}, "since": "2020-06-01", "far": 12, "cv": {"file": "1-2", "name": "cv.pdf"}}
    assert shown(sierra, text, **kept) == {
        "How far would you go?": ("12", ""),
        "Would you like to send a CV?": ("cv.pdf", "1-2"),
        "How well?": ("Wine: well", ""),
        "Since when?": ("June 2020", ""),
    }


def test_who_somebody_is_is_nobodys_business_here(sierra: Society) -> None:
    text = ASKS.replace("both: [meeting_mode, languages]", "both: [meeting_mode, languages, identity_if_i_wish]")
    said = shown(sierra, text, underrepresented=True, who_sees={"gender": "match"}, far=3)
    assert list(said) == ["How far would you go?"]


def test_what_was_asked_in_confidence_stays_so_when_the_question_changes(sierra: Society) -> None:
    said = shown(sierra, ASKS, far=3, cv={"file": "1-2", "name": "cv.pdf"}, who_sees={"far": "figures"})
    assert list(said) == ["Would you like to send a CV?"]


def test_what_is_asked_at_one_stage_alone_is_shown_too(sierra: Society) -> None:
    person = make_person()
    answers = {"stage": "resident", "extra": {"after_training": "A small town."}}
    enrollment = sign_up(cycle=make_cycle(), person=person, role="mentee", answers=answers, by=person)
    assert "A small town." in [said.text for said in answers_shown(enrollment)]
