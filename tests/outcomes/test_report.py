"""The page for the board: its numbers, what it does not tell, and that it tells no more than the survey's own page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from chiron.design.frame import Brand
from chiron.design.tagged import lines_of, width_of
from chiron.kernel import clock
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Meeting, Mentorship
from programs.outcomes.pdf import BOTTOM, drawn, report_pdf
from programs.outcomes.report import Figure, Report, _again, report_of
from programs.outcomes.selectors import results, sending_of
from programs.policy.models import Cycle
from programs.surveys.privacy import tell
from tenants.models import Society
from tenants.people.models import StaffRole
from tests.factories.staff import browser_of, make_staff
from tests.outcomes.making import closed, introduce, running, signed_up

State = Enrollment.State


def told(report: Report) -> dict[str, str]:
    return {figure.label: figure.said for figure in report.figures}


def test_the_numbers_of_a_session(sierra: Society) -> None:
    cycle = running({}, pairs=5)
    for number, state in enumerate((State.ELIGIBLE, State.NOT_ELIGIBLE, State.WAITLISTED, State.WITHDRAWN)):
        signed_up(cycle, Role.MENTEE, f"More{number}", state)
    gone = cycle.enrollments.get(person__given_name="Mentor0")
    Enrollment.objects.filter(pk=gone.pk).update(state=State.WITHDRAWN)
    paused = cycle.enrollments.get(person__given_name="Mentor1")
    Enrollment.objects.filter(pk=paused.pk).update(state=State.PAUSED, before_pause=State.MATCHED)
    closed(cycle, "yyynp", "yyyyy")
    report = report_of(cycle)
    assert told(report) == {
        "Signed up": "14",
        "Could take part": "12",
        "Matched": "10",
        "Answered at the end": "10 of 10",
        "Would take part again": "8 of 10",
    }
    matched = next(figure for figure in report.figures if figure.label == "Matched")
    assert matched.note == "Mentor: 5, Mentee: 5; 5 pairs; introduced, whatever became of it since"
    assert report.to_come == ""


def test_matched_is_counted_alike_by_board_and_report_and_every_number_opens(sierra: Society) -> None:
    """Two were asked and have not answered, one of those introduced has left: the pages say the same of them."""
    cycle = running({}, pairs=5)
    proposed = introduce(cycle, 5)
    Mentorship.objects.filter(pk=proposed.pk).update(state="proposed", introduced_at=None)
    gone = cycle.enrollments.get(person__given_name="Mentor0")
    Enrollment.objects.filter(pk=gone.pk).update(state=State.WITHDRAWN)
    closed(cycle, "yyynp", "yyyyy")
    manager = browser_of(make_staff(), sierra)

    def shown(name: str) -> str:
        return manager.get(reverse(name, args=[cycle.pk])).content.decode()

    board, report = shown("sessions:board"), shown("outcomes:report")
    for role in ("mentor", "mentee"):
        behind = f"{reverse('sessions:people', args=[cycle.pk])}?role={role}&amp;came=matched"
        assert f'<a href="{behind}">5</a>' in board
    assert "Asked or matched" in board
    assert "introduced, whatever became of it since" in board
    links = re.findall(r'<dd><a href="([^"]+)">([^<]+)</a>', report)
    assert [said for _address, said in links] == ["12", "12", "10", "10 of 10", "8 of 10"]
    found = [manager.get(address.replace("&amp;", "&")).content.decode() for address, _said in links]
    for page, count in zip(found, (12, 12, 10), strict=False):
        assert f"{count} sign-ups" in page
    assert "introduced to somebody in this session" in found[2]
    committee = browser_of(make_staff(StaffRole.Kind.COMMITTEE, given="Co"), sierra)
    told_to = committee.get(reverse("outcomes:report", args=[cycle.pk])).content.decode()
    assert "came=matched" not in told_to
    assert "sessions/people" not in told_to


def test_before_the_survey_is_closed_the_page_says_when(sierra: Society) -> None:
    cycle = running({}, pairs=5)
    assert "is sent on" in report_of(cycle).to_come
    assert "Would take part again" not in told(report_of(cycle))
    closed(cycle, "yyy", "")
    assert told(report_of(cycle))["Would take part again"] == "not told"


def test_a_session_without_a_survey_at_its_end_says_so(sierra: Society) -> None:
    assert "has no survey at its end" in report_of(running({"wave": "midpoint"}, pairs=0)).to_come


def met(mentorship: Mentorship, *days: int) -> None:
    """They met so many days after the session's first day."""
    for day in days:
        on = mentorship.cycle.starts_on + timedelta(days=day)
        Meeting.objects.create(mentorship=mentorship, met_on=on, noted_at=clock.now())


def test_met_at_least_monthly_is_a_meeting_in_each_month_of_a_pairs_own_time(sierra: Society) -> None:
    cycle = running({}, pairs=4)
    begin = datetime.combine(cycle.starts_on, time(12), tzinfo=UTC)
    Mentorship.objects.update(introduced_at=begin)
    every, gap, ended, late = Mentorship.objects.order_by("pk")
    met(every, 5, 40, 70, 99)
    met(gap, 1, 3, 80, 95)
    met(ended, 10)
    Mentorship.objects.filter(pk=ended.pk).update(state="ended", ended_on=cycle.starts_on + timedelta(days=45))
    Mentorship.objects.filter(pk=late.pk).update(introduced_at=begin + timedelta(days=90))
    figure = next(each for each in report_of(cycle).figures if each.label == "Met at least monthly")
    assert (figure.said, figure.part, figure.whole, figure.note) == ("2 of 3 pairs", 2, 3, "9 meetings noted")


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"yes": 4, "perhaps": 0, "no": 0}, "not told"),
        ({"yes": 9, "perhaps": 0, "no": 0}, "most"),
        ({"yes": 0, "perhaps": 0, "no": 7}, "few or none"),
        ({"yes": 10, "perhaps": 0, "no": 0}, "10 of 10"),
        ({"yes": 4, "perhaps": 0, "no": 1}, "4 of 5"),
    ],
)
def test_what_is_told_of_taking_part_again(counts: dict[str, int], said: str) -> None:
    assert _again(tell(counts)).said == said


@given(st.fixed_dictionaries({answer: st.integers(0, 12) for answer in ("yes", "perhaps", "no")}))
@settings(max_examples=60)
def test_the_report_has_no_number_that_the_page_of_the_survey_has_not(counts: dict[str, int]) -> None:
    on_page, in_report = tell(counts), _again(tell(counts))
    numbers = {int(number) for number in re.findall(r"\d+", in_report.said)}
    assert numbers <= {*on_page.counts.values(), sum(on_page.counts.values())}
    assert (in_report.part is None) == (not on_page.counts)


def test_page_and_report_are_of_the_same_answers(sierra: Society) -> None:
    cycle = running({}, pairs=6)
    closed(cycle, "yyynpy", "yyyyyn")
    sending = sending_of(cycle, 0)
    assert sending is not None
    again = next(each for each in results(sending) if each.ask == "again")
    assert again.whole.counts == {"yes": 9, "perhaps": 1, "no": 2}
    assert told(report_of(cycle))["Would take part again"] == "9 of 12"


BRAND = Brand(name="Sierra County Medical Society", primary="#1d4f63")


def page_of(cycle: Cycle, *quotes: str, figures: int = 7) -> Report:
    figure = Figure("Answered at the end", "20 of 24", "Mentors: 12, Mentees: 12; twelve pairs", 20, 24)
    return Report(cycle, cycle.starts_on, [figure] * figures, quotes, "")


def test_the_file_is_one_tagged_page_of_the_society_and_the_same_each_time(sierra: Society) -> None:
    report = page_of(running(pairs=0), *["Žofia and I — “ça alors” — met each month." * 6] * 3)
    content = report_pdf(report, BRAND)
    assert content.startswith(b"%PDF-1.7")
    assert content == report_pdf(report, BRAND)
    assert len(re.findall(rb"/Type /Page\b", content)) == 1
    for wanted in (b"/StructTreeRoot", b"/Marked true", b"/Lang (en-us)", b"/DisplayDocTitle true", b"/S /H1"):
        assert wanted in content
    assert content.count(b"/S /BlockQuote") == 3
    assert content.count(b"/ToUnicode") >= 2, "its letters can be copied"


def test_the_longest_names_notes_and_quotes_fit_on_the_page(sierra: Society) -> None:
    cycle = running(pairs=0)
    cycle.program.name, cycle.name = "Mentorship in Medicine " * 5, "Our longest session " * 4
    note = "Somebody early in their career: 1200, Somebody late in their career: 1200; 1200 groups"
    plain, noted = Figure("Met at least monthly", "20 of 24 pairs", "", 20, 24), Figure("Matched", "2400", note, 1, 2)
    report = Report(
        cycle, cycle.starts_on, [noted] * 3 + [plain] * 3, ["We met whenever it mattered, and then some. " * 7] * 3, ""
    )
    brand = Brand(name="The Medical Society of the Northern and the Southern Counties of the State of California")
    assert drawn(report, brand).lowest >= BOTTOM


def test_lines_fit_and_keep_every_word() -> None:
    text = "Some words, and one that is verylongindeed" + "n" * 80
    lines = lines_of(text, 11, 120)
    assert all(width_of(line, 11) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines_of("", 11, 120) == [""]
