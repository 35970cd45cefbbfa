"""What is asked about being together in a part: matching, meeting, texts, the evening, surveys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from programs.policy.document.library import shipped
from programs.policy.editing.entries import (
    STAGE_OPTIONS,
    Choice,
    Choices,
    Entry,
    Line,
    Lines,
    Number,
    Prose,
    Tick,
    Weights,
)
from programs.policy.editing.rows import Rows, Shelved
from programs.policy.editing.section import Stored, roles
from programs.policy.overview import AFTER_A_NO, ASKED_FIRST, BY, MATTERS, NEVER, PAIRS_BY, RANKED_BY, STEPS
from programs.policy.words import IN_GROUPS


def matching(part: Stored) -> list[Entry]:
    one_to_one, ranks = part["format"] == "one_to_one", part["matching"]["wishes"] is not None
    ways = [way for way in BY.items() if one_to_one or way[0] != "wishes"]
    entries: list[Entry] = [Choices(("matching", "by"), _("How do pairs come about?"), options=ways)]
    if part["format"] not in IN_GROUPS:  # everybody of a group is introduced at once
        entries += [
            Choice(("matching", "asked_first"), _("Who is asked first?"), options=list(ASKED_FIRST.items())),
            Line(("matching", "offer_waits"), _("How long does an offer wait?"), _("Such as “5 days”.")),
            Number(("matching", "reminders"), _("How often is somebody asked again?")),
            Choice(
                ("matching", "after_a_no"), _("Who asks the next best after a no?"), options=list(AFTER_A_NO.items())
            ),
        ]
    entries += [
        Weights(
            ("matching", "weights"),
            _("What matters in a match"),
            _("In points; they sum to 1000."),
            options=[each for each in MATTERS.items() if ranks or each[0] != "wished_for"],
        ),
        Choices(("matching", "never"), _("Never match"), options=list(NEVER.items())),
        Choices(("matching", "flag"), _("Only show on the pair"), options=list(NEVER.items())),
        Choice(
            ("matching", "aim"),
            _("Aim first for"),
            options=[
                ("most_pairs", _("as many pairs as possible")),
                ("total", _("the best total")),
                ("worst_off_first", _("the one who would be worst off")),
            ],
        ),
        Number(("matching", "floor"), _("A pair worth less than this is worse than none"), _("In points of 1,000.")),
    ]
    if one_to_one:
        entries += [
            Lines(
                ("matching", "council", "seats"),
                _("Seats of an advisory council"),
                _("One a line. Leave it empty if there is none."),
            ),
            Choice(
                ("matching", "council", "combine"),
                _("Its ballots are combined by"),
                options=[("median", _("the one in the middle")), ("mean", _("the average"))],
            ),
        ]
    return entries


def wishes(_part: Stored) -> list[Entry]:
    return [
        Choice(("matching", "wishes", "ranked_by"), _("Who ranks whom?"), options=list(RANKED_BY.items())),
        Number(("matching", "wishes", "at_most"), _("How many people may somebody name?")),
        Line(
            ("matching", "wishes", "open_for"),
            _("How long after sign-up closes can wishes be changed?"),
            _("Such as “3 days”. With “0 days” they close with sign-up."),
        ),
        Choice(
            ("matching", "wishes", "pairs_by"),
            _("How do wishes count?"),
            _(
                "In points: give them some under “What matters in a match”. By both lists: no two people would both "
                "rather have each other, and what matters decides among those whom nobody named. Either way a wish "
                "never overrides what may never be matched."
            ),
            options=list(PAIRS_BY.items()),
        ),
    ]


def mentorship(part: Stored) -> list[Entry]:
    often = _("Such as “monthly” or “every 1 to 2 months”. Leave it empty to leave it to them.")
    modes = [("in person", _("in person")), ("virtual", _("online")), ("phone", _("by phone"))]
    whose = [("mentee", _("the mentee’s")), ("mentor", _("the mentor’s")), ("both", _("both’s"))]
    return [
        Line(("mentorship", "meetings", "at_least"), _("They meet at least"), often, optional=True),
        Tick(("mentorship", "meetings", "binding"), _("That is a promise, not a recommendation")),
        Line(("mentorship", "meetings", "ideal"), _("They meet ideally"), often, optional=True),
        Choices(("mentorship", "meetings", "modes"), _("How do they meet?"), options=modes),
        Tick(("mentorship", "directs_itself"), _("They decide themselves how to go about it")),
        Choice(("mentorship", "goals", "owner"), _("Whose are the goals?"), options=whose),
        Tick(("mentorship", "goals", "at_the_outset"), _("Goals are asked for at the outset")),
        Tick(("mentorship", "notes"), _("They can keep notes here"), _("Nobody of the staff reads them.")),
        Choices(
            ("mentorship", "introduction", "shares"),
            _("What does each learn of the other?"),
            options=[("biosketch", _("what they say of themselves")), ("mail", _("the mail address"))],
        ),
        Line(("mentorship", "check_in", "first_after"), _("We first ask how it goes after"), _("Such as “30 days”.")),
        Line(("mentorship", "check_in", "then_every"), _("And then every")),
        Lines(
            ("mentorship", "check_in", "asks"),
            _("What do we ask about?"),
            _("One a line; empty: how it goes, in one question."),
        ),
        Choices(
            ("mentorship", "keeping_in_touch"),
            _("When nothing has been heard, one after the other"),
            options=list(STEPS.items()),
        ),
        Tick(("mentorship", "ends", "continue_if_both_wish"), _("They can go on if they wish")),
        Tick(("mentorship", "ends", "without_blame"), _("Either can end it early, without blame")),
        Tick(
            ("mentorship", "ends", "pay_it_forward"),
            _("At the end we ask mentees whether they would like to be mentors one day"),
        ),
    ]


def texts(part: Stored) -> list[Entry]:
    whom = [*roles(part), *STAGE_OPTIONS]
    own = (
        Prose(("text",), _("Text")),
        Line(("title",), _("Title"), optional=True),
        Choices(("for",), _("Only for"), _("Nobody ticked: for everybody."), options=whom),
    )
    return [
        Shelved(("mentorship", "guidelines"), _("How to go about it"), shelf="guidelines", of=own, one=_("a text")),
        Shelved(("mentorship", "prompts"), _("Things to talk about"), shelf="prompts", of=own, one=_("a text")),
        Shelved(("mentorship", "activities"), _("Things to do together"), shelf="activities", of=own, one=_("a text")),
    ]


def evening(_part: Stored) -> list[Entry]:
    return [
        Number(("evening", "rounds"), _("How many conversations?")),
        Number(("evening", "minutes"), _("How many minutes each?")),
        Number(("evening", "change"), _("Minutes to change tables")),
        Number(("evening", "welcome"), _("Minutes of welcome before the first")),
        Number(("evening", "follow_up"), _("Minutes to talk on after the last")),
        Number(("evening", "seats", "mentor"), _("Places for mentors")),
        Number(("evening", "seats", "mentee"), _("Places for mentees")),
        Prose(("evening", "refreshments"), _("What is there to eat and drink?"), optional=True),
        Rows(
            ("evening", "breaks"),
            _("Breaks"),
            of=(Number(("after_round",), _("After conversation")), Number(("minutes",), _("Minutes"))),
            one=_("a break"),
        ),
    ]


def surveys(part: Stored) -> list[Entry]:
    when = ("baseline", "day 30", "midpoint", "end", "six months after")
    questions = [(name, each["title"]) for name, each in shipped("surveys").items()]
    said = (_("at the beginning"), _("after 30 days"), _("halfway"), _("at the end"), _("six months after the end"))
    return [
        Rows(
            ("surveys",),
            _("Surveys"),
            of=(
                Choice(("instrument",), _("Which questions?"), options=[("", _("Choose")), *questions]),
                Choice(("wave",), _("When?"), options=list(zip(when, said, strict=True))),
                Line(
                    ("after",), _("Or so long after the session’s first day"), _("Such as “6 months”."), optional=True
                ),
                Choices(("to",), _("To whom?"), options=roles(part)),
                Tick(("anonymous",), _("Without names")),
                Line(("closes_after",), _("It closes after"), _("Such as “3 weeks”.")),
                Number(("reminders",), _("Reminders")),
            ),
            one=_("a survey"),
        )
    ]
