"""The settings of a program, section by section, as people edit them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from programs.policy.editing import of_joining, of_meeting, of_program
from programs.policy.editing.section import Section, Stored

PROGRAM: Final = (
    Section("about", _("What it is"), _("Its name, what it is for, and the time it takes."), of_program.program),
    Section(
        "when",
        _("When it runs"),
        _("Lengths, not dates: each session proposes its own days."),
        of_program.calendar,
        optional=((("calendar", "sign_up"), "opens"),),
    ),
    Section(
        "interest",
        _("Who is interested"),
        _("What people read when nothing is open."),
        of_program.interest,
        optional=((("interest",), "text"),),
    ),
    Section("words", _("Words that forms offer"), _("What people can tick when they sign up."), of_program.words),
    Section(
        "mails",
        _("Words in mails"),
        _("A paragraph of your own in each mail. They hold at once, in sessions that run too."),
        of_program.mails,
    ),
)
PART: Final = (
    Section("name", _("What it is"), _("What people can sign up to."), of_joining.part, of_part=True),
    Section(
        "places",
        _("Roles and places"),
        _("What roles are called, how many places there are, and who waits."),
        of_joining.places,
        optional=((("size",), "most"),),
        of_part=True,
    ),
    Section(
        "who",
        _("Who may take part"),
        _("Facts alone: each is yes, no, or can’t tell yet."),
        of_joining.eligible,
        of_part=True,
    ),
    Section("focus", _("Whom you seek"), _("For invitations and recruiting."), of_joining.focus, of_part=True),
    Section(
        "traits",
        _("A decision on protected traits"),
        _("The owner’s own: it lets who people are bear on who may take part. Most programs never need it."),
        of_joining.traits,
        optional=((("decision_on_traits",), "reason"),),
        of_part=True,
    ),
    Section(
        "agreements", _("Agreements"), _("What people agree to before they take part."), of_joining.agree, of_part=True
    ),
    Section("questions", _("Questions at sign-up"), _("Ask only what you use."), of_joining.intake, of_part=True),
    Section(
        "matching",
        _("How people are matched"),
        _("What matters, what may never be, and who is asked first."),
        of_meeting.matching,
        optional=((("matching", "council"), "seats"),),
        of_part=True,
    ),
    Section(
        "wishes",
        _("Wishes"),
        _("Who says whom they would like, until when, and how that counts."),
        of_meeting.wishes,
        of_part=True,
        suits=lambda part: part["matching"]["wishes"] is not None,
    ),
    Section(
        "meeting",
        _("Meeting and keeping in touch"),
        _("How often, how, and what happens when it goes quiet."),
        of_meeting.mentorship,
        of_part=True,
    ),
    Section(
        "texts",
        _("Texts for those who meet"),
        _("Guidelines, things to talk about, things to do."),
        of_meeting.texts,
        of_part=True,
    ),
    Section(
        "evening",
        _("The evening"),
        _("Conversations, breaks, places."),
        of_meeting.evening,
        of_part=True,
        suits=lambda part: part["format"] == "speed",
    ),
    Section("surveys", _("Surveys"), _("What people are asked afterwards."), of_meeting.surveys, of_part=True),
)


def section(slug: str, *, part: Stored | None) -> Section | None:
    """A section by its address; None if there is none, or none for such a part."""
    among = PROGRAM if part is None else PART
    return next((each for each in among if each.slug == slug and (part is None or each.suits(part))), None)
