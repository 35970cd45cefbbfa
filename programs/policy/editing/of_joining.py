"""What is asked about coming into a part: roles and places, who may, what is agreed to and asked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

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
)
from programs.policy.editing.rows import SIMPLE, Agreed, Shelved
from programs.policy.editing.ruling import Ruling
from programs.policy.editing.section import Stored, roles


def part(_stored: Stored) -> list[Entry]:
    return [Line(("name",), _("Name")), Prose(("about",), _("What is it?"), optional=True)]


def places(part: Stored) -> list[Entry]:
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
            if role == "mentee":
                entries += _several_mentors(part, called)
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


def _several_mentors(part: Stored, called: str) -> list[Entry]:
    """Only where somebody may have more than one; or where it is switched on, so that it can be switched off."""
    mentors = part["roles"]["mentee"]["mentors"]
    if mentors["most"] == 1 and not (mentors["by_aspect"] or mentors["first_before_second"]):
        return []
    return [
        Tick(
            ("roles", "mentee", "mentors", "by_aspect"),
            _("%(called)s: each mentor is for one thing they would like help with") % {"called": called},
            _("One for research, say, and one for leadership. Sign-up asks both sides for what."),
        ),
        Tick(
            ("roles", "mentee", "mentors", "first_before_second"),
            _("%(called)s: everybody gets a first mentor before anybody gets a second one") % {"called": called},
            _("First mentors are found as if nobody could have two; who wants more is given of what is left."),
        ),
    ]


def eligible(part: Stored) -> list[Entry]:
    return [
        Ruling(("eligible", role), called, _("Who may take part. Without a sentence, everybody may."))
        for role, called in roles(part)
    ]


def focus(part: Stored) -> list[Entry]:
    return [
        Ruling(
            ("focus", role),
            called,
            _("Whom you invite and where you recruit. It never admits, orders or scores anybody."),
            seeks=True,
        )
        for role, called in roles(part)
    ]


def traits(_part: Stored) -> list[Entry]:
    return [
        Lines(("decision_on_traits", "traits"), _("Which traits?"), _("One a line, such as “gender”.")),
        Prose(("decision_on_traits", "reason"), _("Why?")),
        Line(("decision_on_traits", "decided_on"), _("Decided on"), _("Such as 2027-03-01."), optional=True),
        Tick(("decision_on_traits", "reviewed_by_counsel"), _("A lawyer has looked at it")),
    ]


def agree(part: Stored) -> list[Entry]:
    kinds = [
        ("agreement", _("something that people agree to")),
        ("attestation", _("something that they attest of themselves")),
    ]
    return [
        Agreed(
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
            roles=roles(part),
        )
    ]


def intake(part: Stored) -> list[Entry]:
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
