"""How the facts of a rule are spoken of. Without a full stop, so that a page can list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from programs.policy.sentences import gettext_noop


@dataclass(frozen=True, slots=True)
class Phrases:
    """How one fact is spoken of."""

    known: str
    """What is so; it may be followed by what is asked for instead."""
    ask: str
    """To the person: what we don't know yet."""
    missing: str
    """To staff: the same."""
    settled_by: str


PHRASES: Final = {
    "membership.status": Phrases(
        known=gettext_noop("Membership is {value}"),
        ask=gettext_noop("We don't know yet what kind of member you are"),
        missing=gettext_noop("The kind of membership is not known"),
        settled_by=gettext_noop("the membership status"),
    ),
    "stage": Phrases(
        known=gettext_noop("Career stage is {value}"),
        ask=gettext_noop("We don't know yet where you are in your career"),
        missing=gettext_noop("The career stage is not known"),
        settled_by=gettext_noop("the career stage"),
    ),
    "specialty": Phrases(
        known=gettext_noop("Specialty is {value}"),
        ask=gettext_noop("We don't know your specialty yet"),
        missing=gettext_noop("The specialty is not known"),
        settled_by=gettext_noop("the specialty"),
    ),
    "languages": Phrases(
        known=gettext_noop("Speaks {value}"),
        ask=gettext_noop("We don't know yet which languages you speak"),
        missing=gettext_noop("The languages are not known"),
        settled_by=gettext_noop("the languages spoken"),
    ),
    "training.state": Phrases(
        known=gettext_noop("Completed training in {value}"),
        ask=gettext_noop("We don't know yet in which state you completed training"),
        missing=gettext_noop("The state of training is not known"),
        settled_by=gettext_noop("the state where training was completed"),
    ),
    "practice.state": Phrases(
        known=gettext_noop("Practices in {value}"),
        ask=gettext_noop("We don't know yet in which state you practice"),
        missing=gettext_noop("The state of practice is not known"),
        settled_by=gettext_noop("a ZIP code or the state of practice"),
    ),
    "training.completed": Phrases(
        known=gettext_noop("Completed training {when}"),
        ask=gettext_noop("We don't know yet when you completed training"),
        missing=gettext_noop("The day training was completed is not known"),
        settled_by=gettext_noop("the day training was completed"),
    ),
    "values.attested": Phrases(
        known=gettext_noop("Answer about the program's values: {value}"),
        ask=gettext_noop("You have not told us yet whether you share the program's values"),
        missing=gettext_noop("The question about the program's values is not answered"),
        settled_by=gettext_noop("an answer about the program's values"),
    ),
}
TRAIT: Final = Phrases(
    known=gettext_noop("Your answer about “{name}” was used"),
    ask=gettext_noop("You have not answered about “{name}”"),
    missing=gettext_noop("“{name}” is not answered"),
    settled_by=gettext_noop("an answer about “{name}”"),
)
ANSWER: Final = Phrases(
    known=gettext_noop("Answered “{name}” with {value}"),
    ask=gettext_noop("You have not answered “{name}” yet"),
    missing=gettext_noop("“{name}” is not answered"),
    settled_by=gettext_noop("an answer to “{name}”"),
)
INSTEAD: Final = gettext_noop("{known}; this asks for {wanted}")
ANYTHING_BUT: Final = gettext_noop("{known}; this asks for anything but {wanted}")
NO_SUCH_ZIP: Final = gettext_noop("We can't tell in which state the ZIP code {zip} lies")
SOME_DAY: Final = gettext_noop("Training was completed {when}; the exact day decides")
ON_DAY: Final = gettext_noop("on {day}")
BETWEEN: Final = gettext_noop("between {earliest} and {latest}")
IN_TRAINING: Final = gettext_noop("Training is not completed yet: career stage is {stage}")
NOT_YET: Final = gettext_noop("Training will be completed {when}, after {on}")
CLOCK: Final = {
    ("within", True): gettext_noop("Completed training {when}, within {length}"),
    ("within", False): gettext_noop("Completed training {when}, more than {length} before {on}"),
    ("at least", True): gettext_noop("Completed training {when}, at least {length} before {on}"),
    ("at least", False): gettext_noop("Completed training {when}, less than {length} before {on}"),
    ("at most", True): gettext_noop("Completed training {when}, at most {length} before {on}"),
    ("at most", False): gettext_noop("Completed training {when}, more than {length} before {on}"),
}
