"""The settings of a program, section by section, as people edit them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from programs.policy.editing.entries import (
    STAGE_OPTIONS,
    Choice,
    Choices,
    Days,
    Entry,
    Line,
    Lines,
    Number,
    Prose,
    Tick,
    Weights,
    WordsOffered,
)
from programs.policy.editing.places import Place
from programs.policy.editing.rows import SIMPLE, Rows, Shelved
from programs.policy.editing.ruling import Ruling
from programs.policy.overview import ASKED_FIRST, BY, MATTERS, NEVER, STEPS
from programs.policy.words import ROLES_OF

Stored = Mapping[str, Any]
# A group of settings that is there only if this one of them says something.
Optional = tuple[Place, str]


@dataclass(frozen=True)
class Section:
    """One page of settings."""

    slug: str
    title: Any
    about: Any
    entries: Callable[[Stored], Sequence[Entry]]
    """What is asked, given the program's or the part's settings."""
    optional: Sequence[Optional] = ()
    of_part: bool = False
    suits: Callable[[Stored], bool] = lambda _stored: True


def _program(_stored: Stored) -> list[Entry]:
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


def _calendar(_stored: Stored) -> list[Entry]:
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


def _interest(_stored: Stored) -> list[Entry]:
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


def _words(_stored: Stored) -> list[Entry]:
    hint = _("One a line. After a bar, the stages to which it is offered: “shadowing | pre-med, medical student”.")
    return [
        WordsOffered(("choices", "aspects"), _("What people can help with"), hint),
        WordsOffered(("choices", "challenges"), _("Challenges"), hint),
        WordsOffered(("choices", "interests"), _("Interests"), hint),
        WordsOffered(("choices", "availability"), _("Times of the week"), hint),
        WordsOffered(("choices", "languages"), _("Languages"), hint),
    ]


def _mails(_stored: Stored) -> list[Entry]:
    return [
        Prose(("mails", "asked"), _("When somebody is asked whether they would like to meet"), optional=True),
        Prose(("mails", "reminder"), _("When they are asked again"), optional=True),
        Prose(("mails", "introduced"), _("When two are introduced"), optional=True),
        Prose(("mails", "not_this_one"), _("When it will be somebody else"), optional=True),
        Prose(("mails", "invited"), _("When sign-up opens, to those who are interested"), optional=True),
        Prose(("mails", "still_interested"), _("When you ask whether somebody is still interested"), optional=True),
    ]


def _part(_stored: Stored) -> list[Entry]:
    return [Line(("name",), _("Name")), Prose(("about",), _("What is it?"), optional=True)]


def roles(part: Stored) -> list[tuple[str, str]]:
    """The roles of a part with the society's own words for them."""
    return [(role, part["roles"][role]["called"]) for role in ROLES_OF[part["format"]]]


def _places(part: Stored) -> list[Entry]:
    entries: list[Entry] = []
    for role, called in roles(part):
        entries.append(Line(("roles", role, "called"), _("What do you call this role: %(role)s?") % {"role": role}))
        if part["format"] == "one_to_one":
            many = "places" if role == "mentor" else "mentors"
            entries += [
                Number(
                    ("roles", role, many, "default"),
                    _("%(called)s: how many others, if they say nothing?") % {"called": called},
                ),
                Number(("roles", role, many, "most"), _("%(called)s: how many others at most?") % {"called": called}),
            ]
        ways = [
            ("open", _("anybody signs up")),
            ("apply", _("people apply, and staff decide")),
            ("invitation", _("by invitation")),
        ]
        entries.append(
            Choice(("enter", role), _("%(called)s: how does one come in?") % {"called": called}, options=ways)
        )
    if part["format"] in ("group", "peer_circle", "triad"):
        entries += [
            Number(("size", "at_least"), _("People in a group, at least")),
            Number(("size", "most"), _("People in a group, at most")),
        ]
    return [
        *entries,
        Number(("cap", "pairs"), _("Pairs at most"), _("Leave it empty if there is no limit.")),
        Choice(
            ("cap", "beyond"),
            _("Who comes too late…"),
            options=[("waitlist", _("waits on a list")), ("refuse", _("is told that it is full"))],
        ),
        Choice(
            ("cap", "order"),
            _("The list is ordered by"),
            _("Never by who people are."),
            options=[("date of sign-up", _("the date of sign-up")), ("lot", _("a drawn lot"))],
        ),
    ]


def _eligible(part: Stored) -> list[Entry]:
    return [
        Ruling(("eligible", role), called, _("Who may take part. Without a sentence, everybody may."))
        for role, called in roles(part)
    ]


def _focus(part: Stored) -> list[Entry]:
    return [
        Ruling(
            ("focus", role),
            called,
            _("Whom you invite and where you recruit. It never admits, orders or scores anybody."),
            seeks=True,
        )
        for role, called in roles(part)
    ]


def _traits(_part: Stored) -> list[Entry]:
    return [
        Lines(("decision_on_traits", "traits"), _("Which traits?"), _("One a line, such as “gender”.")),
        Prose(("decision_on_traits", "reason"), _("Why?")),
        Line(("decision_on_traits", "decided_on"), _("Decided on"), _("Such as 2027-03-01."), optional=True),
        Tick(("decision_on_traits", "reviewed_by_counsel"), _("A lawyer has looked at it")),
    ]


def _agree(part: Stored) -> list[Entry]:
    kinds = [
        ("agreement", _("something that people agree to")),
        ("attestation", _("something that they attest of themselves")),
    ]
    return [
        Rows(
            ("agree",),
            _("What people agree to"),
            _("Before they take part. A text that you change becomes a new version; who agreed to which is kept."),
            of=(
                Prose(("text",), _("Text"), _("{title}, {time_commitment} and {contact} are filled in.")),
                Line(("title",), _("Title"), optional=True),
                Choice(("kind",), _("What is it?"), options=kinds),
                Choices(("by",), _("Who?"), options=roles(part)),
            ),
            one=_("a text"),
        )
    ]


def _intake(part: Stored) -> list[Entry]:
    kinds = [(kind, kind) for kind in SIMPLE]
    whom: list[tuple[str, Any]] = [("both", _("everybody")), *roles(part)]
    if part["format"] == "peer_circle":
        whom = whom[1:]
    own = (
        Line(("text",), _("Your question")),
        Line(("help",), _("A word of help"), optional=True),
        Choice(("blanks", 0, "kind"), _("What is the answer?"), options=kinds),
        Lines(("blanks", 0, "choices"), _("Choices, one a line")),
        Choices(("for",), _("Only for"), _("Nobody ticked: for everybody."), options=STAGE_OPTIONS),
        Tick(("blanks", 0, "required"), _("It has to be answered")),
    )
    return [
        Shelved(
            ("intake", role),
            _("Asked of %(whom)s") % {"whom": called},
            shelf="questions",
            of=own,
            one=_("a question"),
            seed={"blanks": [{}]},
        )
        for role, called in whom
    ]


def _matching(part: Stored) -> list[Entry]:
    entries: list[Entry] = [
        Choices(("matching", "by"), _("How do pairs come about?"), options=list(BY.items())),
        Choice(("matching", "asked_first"), _("Who is asked first?"), options=list(ASKED_FIRST.items())),
        Line(("matching", "offer_waits"), _("How long does an offer wait?"), _("Such as “5 days”.")),
        Number(("matching", "reminders"), _("How often is somebody asked again?")),
        Weights(
            ("matching", "weights"),
            _("What matters in a match"),
            _("In points; they sum to 1000."),
            options=list(MATTERS.items()),
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
        Number(("matching", "floor"), _("A pair worth less than this is worse than none"), _("In points of 1000.")),
    ]
    if part["format"] == "one_to_one":
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


def _mentorship(part: Stored) -> list[Entry]:
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
        Tick(("mentorship", "ends", "continue_if_both_wish"), _("They can go on if both wish")),
        Tick(("mentorship", "ends", "without_blame"), _("Either can end it early, without blame")),
        Tick(
            ("mentorship", "ends", "pay_it_forward"),
            _("At the end we ask mentees whether they would like to be mentors one day"),
        ),
    ]


def _texts(part: Stored) -> list[Entry]:
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


def _evening(_part: Stored) -> list[Entry]:
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


def _surveys(part: Stored) -> list[Entry]:
    when = ("baseline", "day 30", "midpoint", "end", "six months after")
    said = (_("at the beginning"), _("after 30 days"), _("halfway"), _("at the end"), _("six months after the end"))
    return [
        Rows(
            ("surveys",),
            _("Surveys"),
            of=(
                Line(("instrument",), _("Which questions?"), _("Such as “society experience”.")),
                Choice(("wave",), _("When?"), options=list(zip(when, said, strict=True))),
                Line(("after",), _("Or exactly so long after the first day"), _("Such as “6 months”."), optional=True),
                Choices(("to",), _("To whom?"), options=roles(part)),
                Tick(("anonymous",), _("Without names")),
                Line(("closes_after",), _("It closes after"), _("Such as “3 weeks”.")),
                Number(("reminders",), _("Reminders")),
            ),
            one=_("a survey"),
        )
    ]


PROGRAM: Final = (
    Section("about", _("What it is"), _("Its name, what it is for, and the time it takes."), _program),
    Section(
        "when",
        _("When it runs"),
        _("Lengths, not dates: each session proposes its own days."),
        _calendar,
        optional=((("calendar", "sign_up"), "opens"),),
    ),
    Section(
        "interest",
        _("Who is interested"),
        _("What people read when nothing is open."),
        _interest,
        optional=((("interest",), "text"),),
    ),
    Section("words", _("Words that forms offer"), _("What people can tick when they sign up."), _words),
    Section(
        "mails",
        _("Words in mails"),
        _("A paragraph of your own in each mail. They hold at once, in sessions that run too."),
        _mails,
    ),
)
PART: Final = (
    Section("name", _("What it is"), _("What people can sign up to."), _part, of_part=True),
    Section(
        "places",
        _("Roles and places"),
        _("What roles are called, how many places there are, and who waits."),
        _places,
        optional=((("size",), "most"),),
        of_part=True,
    ),
    Section(
        "who", _("Who may take part"), _("Facts alone: each is yes, no, or can’t tell yet."), _eligible, of_part=True
    ),
    Section("focus", _("Whom you seek"), _("For invitations and recruiting."), _focus, of_part=True),
    Section(
        "traits",
        _("A decision on protected traits"),
        _("The owner’s own: it lets who people are bear on who may take part. Most programs never need it."),
        _traits,
        optional=((("decision_on_traits",), "reason"),),
        of_part=True,
    ),
    Section("agreements", _("Agreements"), _("What people agree to before they take part."), _agree, of_part=True),
    Section("questions", _("Questions at sign-up"), _("Ask only what you use."), _intake, of_part=True),
    Section(
        "matching",
        _("How people are matched"),
        _("What matters, what may never be, and who is asked first."),
        _matching,
        optional=((("matching", "council"), "seats"),),
        of_part=True,
    ),
    Section(
        "meeting",
        _("Meeting and keeping in touch"),
        _("How often, how, and what happens when it goes quiet."),
        _mentorship,
        of_part=True,
    ),
    Section(
        "texts",
        _("Texts for those who meet"),
        _("Guidelines, things to talk about, things to do."),
        _texts,
        of_part=True,
    ),
    Section(
        "evening",
        _("The evening"),
        _("Conversations, breaks, places."),
        _evening,
        of_part=True,
        suits=lambda part: part["format"] == "speed",
    ),
    Section("surveys", _("Surveys"), _("What people are asked afterwards."), _surveys, of_part=True),
)


def section(slug: str, *, part: Stored | None) -> Section | None:
    """A section by its address; None if there is none, or none for such a part."""
    among = PROGRAM if part is None else PART
    return next((each for each in among if each.slug == slug and (part is None or each.suits(part))), None)
