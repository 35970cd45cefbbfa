"""Beginning, answering and finishing: what is left behind, and that nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from programs.policy.document import Question
from programs.policy.models import Program
from programs.policy.services import create_program
from programs.surveys.kinds.files import Checked
from programs.surveys.models import Instrument, InstrumentVersion, Response, Upload
from programs.surveys.services import AnsweredElsewhere, Known, answer, begin, finish, stamp_of
from tenants.models import Society
from tests.factories.programs import make_person
from tests.surveys.asking import POLICY, question

Purpose = Instrument.Purpose
FIRST, CV = question(kind="short text"), question(kind="file")


@pytest.fixture
def program(sierra: Society) -> Program:
    return create_program(policy=POLICY, contact="ask@example.org", by=None)


def begun(program: Program, *questions: Question, person: Any = None, **more: Any) -> Response:
    """Somebody's answers to these questions."""
    what = {"purpose": Purpose.INTAKE, "program": program, "name": "One-to-one, mentee", "occasion": uuid4()} | more
    return begin(person=person or make_person(), questions=questions or (FIRST,), **what)


def test_answers_are_kept_one_by_one_and_found_again(program: Program) -> None:
    response = begun(program)
    answer(response=response, question=FIRST, said={"q": "one"})
    again = begun(program, person=response.person, occasion=response.occasion)
    assert (again.pk, again.answers, again.finished_at) == (response.pk, {"q": {"q": "one"}}, None)
    assert finish(response=again).finished_at is not None
    assert begun(program, person=response.person).answers == {}, "another occasion begins anew"


def test_texts_are_frozen_by_the_first_who_is_asked(program: Program) -> None:
    old = begun(program)
    reworded = FIRST.model_copy(update={"text": "What now?"})
    new = begun(program, reworded, person=make_person("Bo"))
    assert (old.version.number, new.version.number) == (1, 2)
    old.refresh_from_db()
    assert [[each.text for each in response.version.questions] for response in (old, new)] == [["What?"], ["What now?"]]
    back = begun(program, FIRST, person=make_person("Cy"))
    assert (back.version.number, InstrumentVersion.objects.count(), Instrument.objects.count()) == (1, 2, 1)


def test_who_comes_back_is_asked_in_the_new_words_and_keeps_their_answers(program: Program) -> None:
    old = begun(program)
    answer(response=old, question=FIRST, said={"q": "one"})
    reworded = FIRST.model_copy(update={"text": "What now?"})
    again = begun(program, reworded, person=old.person, occasion=old.occasion)
    assert (again.pk, again.version.number, again.answers) == (old.pk, 2, {"q": {"q": "one"}})


def test_surveys_and_sign_ups_of_one_name_are_two_sets(program: Program) -> None:
    begun(program)
    begun(program, purpose=Purpose.OUTCOME, person=make_person("Bo"))
    assert Instrument.objects.count() == 2


def test_what_is_known_is_filled_in_and_an_own_answer_replaces_it(program: Program) -> None:
    known = {"q": Known({"q": "known"}, "the membership list")}
    response = begun(program, known=known)
    assert (response.answers, response.sources) == ({"q": {"q": "known"}}, {"q": "the membership list"})
    answer(response=response, question=FIRST, said={"q": "mine"})
    again = begun(program, person=response.person, occasion=response.occasion, known=known)
    assert (again.answers, again.sources) == ({"q": {"q": "mine"}}, {})


def test_an_answer_left_empty_on_purpose_is_not_filled_in_again(program: Program) -> None:
    response = begun(program)
    answer(response=response, question=FIRST, said={})
    again = begun(program, person=response.person, occasion=response.occasion, known={"q": Known({"q": "x"}, "")})
    assert again.answers == {"q": {}}


def test_two_windows_lose_nothing(program: Program) -> None:
    response = begun(program)
    stamp = stamp_of(response, "q")
    answer(response=response, question=FIRST, said={"q": "one"}, stamp=stamp)
    answer(response=response, question=FIRST, said={"q": "one"}, stamp=stamp)  # the same again is no harm
    with pytest.raises(AnsweredElsewhere, match="in another window"):
        answer(response=response, question=FIRST, said={"q": "two"}, stamp=stamp)
    response.refresh_from_db()
    assert response.answers == {"q": {"q": "one"}}
    answer(response=response, question=FIRST, said={"q": "two"}, stamp=stamp_of(response, "q"))
    response.refresh_from_db()
    assert response.answers == {"q": {"q": "two"}}


def test_another_question_in_another_window_is_no_conflict(program: Program) -> None:
    other = Question.model_validate({"ask": "r", "text": "And?"})
    response = begun(program, FIRST, other)
    first, second = stamp_of(response, "q"), stamp_of(response, "r")
    answer(response=response, question=FIRST, said={"q": "one"}, stamp=first)
    kept = answer(response=response, question=other, said={"r": "two"}, stamp=second)
    assert kept.answers == {"q": {"q": "one"}, "r": {"r": "two"}}


def test_files_lie_in_the_societys_folder_and_follow_their_answer(
    program: Program, sierra: Society, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    response = begun(program, CV)
    kept = answer(response=response, question=CV, said={"q": Checked("cv.pdf", "application/pdf", b"%PDF-1")})
    upload = Upload.objects.get()
    assert kept.answers == {"q": {"q": {"file": str(upload.pk), "name": "cv.pdf"}}}
    (lies,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert (lies.read_bytes(), "cv" in lies.name) == (b"%PDF-1", False)
    assert answer(response=response, question=CV, said={}).answers == kept.answers, "nothing new leaves it there"
    with django_capture_on_commit_callbacks(execute=True):
        gone = answer(response=response, question=CV, said={"q": False})
    assert (gone.answers, Upload.objects.count()) == ({"q": {}}, 0)
    assert not default_storage.exists(str(upload.file.name))
