"""The session of the demonstration that is over."""

from __future__ import annotations

from chiron.demo.finished import finished_session
from chiron.kernel import clock
from programs.mentorships.models import Mentorship
from programs.outcomes.report import report_of
from programs.policy.models import Cycle
from programs.surveys.models import Asked
from tenants.models import Society
from tests.desk.making import small_cycle
from tests.factories.staff import make_staff


def test_a_session_is_over_with_its_survey_and_the_page_for_the_board(sierra: Society) -> None:
    small_cycle(mentors=8, mentees=8)
    assert list(finished_session(make_staff(), clock.today(sierra.zone))) == ["answered after a session: 13"]
    cycle = Cycle.objects.get(state=Cycle.State.CLOSED)
    report = report_of(cycle)
    assert {figure.label: figure.said for figure in report.figures} == {
        "Signed up": "16",
        "Could take part": "16",
        "Matched": "16",
        "Met at least monthly": "6 of 8 pairs",
        "Answered at the end": "13 of 16",
        "Would take part again": "10 of 13",
    }
    assert (len(report.quotes), Asked.objects.count()) == (3, 0)
    assert not Mentorship.objects.filter(cycle=cycle).exclude(state="ended").exists()
