"""What is asked about a program as a whole: what it is, when it runs, its words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from programs.policy.editing.entries import (
    STAGE_OPTIONS,
    Choices,
    Days,
    Entry,
    Line,
    Prose,
    Tick,
    WordsOffered,
)
from programs.policy.editing.rows import Rows
from programs.policy.editing.section import Stored


def program(_stored: Stored) -> list[Entry]:
    return [
        Line(("title",), _("Name of the program")),
        Prose(("purpose",), _("What is it for?"), _("The first thing that people read.")),
        Line(
            ("time_commitment",),
            _("How much time does it take?"),
            _("In one line, such as “about one hour a month for five months”. It stands first on the program’s page."),
        ),
        Line(("contact",), _("Whom can people ask?"), _("A mail address; it stands on each of the program’s pages.")),
        Prose(("values",), _("What does it stand for?"), optional=True),
        Rows(
            ("partners",),
            _("Partners"),
            _("Institutions that run the program with you. Their logos stand on its page."),
            of=(Line(("name",), _("Name")), Line(("link",), _("Web address"), optional=True)),
            one=_("a partner"),
        ),
    ]


def calendar(_stored: Stored) -> list[Entry]:
    before = _("Such as “8 weeks before”: counted from the first day.")
    return [
        Line(("calendar", "runs_for"), _("How long does a session run?"), _("Such as “5 months” or “19 weeks”.")),
        Days(
            ("calendar", "starts"),
            _("When do sessions start each year?"),
            _("Such as “mid-February, mid-September”. Leave it empty to choose each first day yourself."),
        ),
        Tick(
            ("calendar", "rolling"), _("People sign up and are matched all year, and each pair has its own first day")
        ),
        Line(("calendar", "sign_up", "opens"), _("Sign-up opens"), before, optional=True),
        Line(("calendar", "sign_up", "closes"), _("Sign-up closes"), before, optional=True),
        Line(("calendar", "council_closes"), _("The council’s ballot closes"), before, optional=True),
        Line(("calendar", "published"), _("Pairs are published"), before, optional=True),
    ]


def interest(_stored: Stored) -> list[Entry]:
    return [
        Prose(
            ("interest", "text"),
            _("What do you say to those who would like to take part some time?"),
            _("It stands on the program’s page. Leave it empty for a plain sentence of ours."),
            optional=True,
        ),
        Choices(
            ("interest", "open_to"),
            _("Whom do you ask above all?"),
            _("Everybody can say so; these are named."),
            options=STAGE_OPTIONS,
        ),
    ]


def words(_stored: Stored) -> list[Entry]:
    hint = _("One a line. After a bar, the stages to which it is offered: “shadowing | pre-med, medical student”.")
    return [
        WordsOffered(("choices", "aspects"), _("What people can help with"), hint),
        WordsOffered(("choices", "challenges"), _("Challenges"), hint),
        WordsOffered(("choices", "interests"), _("Interests"), hint),
        WordsOffered(("choices", "availability"), _("Times of the week"), hint),
        WordsOffered(("choices", "languages"), _("Languages"), hint),
    ]


def mails(_stored: Stored) -> list[Entry]:
    return [
        Prose(("mails", "asked"), _("When somebody is asked whether they would like to meet"), optional=True),
        Prose(("mails", "reminder"), _("When they are asked again"), optional=True),
        Prose(("mails", "introduced"), _("When two are introduced"), optional=True),
        Prose(("mails", "not_this_one"), _("When it will be somebody else"), optional=True),
        Prose(("mails", "waits"), _("When pairs are published, to mentees who wait"), optional=True),
        Prose(("mails", "not_needed"), _("When pairs are published, to mentors not needed this time"), optional=True),
        Prose(("mails", "not_eligible"), _("When pairs are published, to those who cannot take part"), optional=True),
        Prose(("mails", "invited"), _("When sign-up is open, to those who are invited or interested"), optional=True),
        Prose(("mails", "still_interested"), _("When you ask whether somebody is still interested"), optional=True),
    ]
