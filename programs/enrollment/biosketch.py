"""What others read of somebody: their own words, or a few sentences drafted from their answers.

A draft follows the answers. It says nothing of what a mentee finds hard, of employers and places, and of who somebody
is only what they allowed for this very reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.enrollment.models import Role
from programs.surveys.forms import MATCH, WHO_SEES
from tenants.people.models import Person

# A stage as somebody says it of themselves, without and with a specialty.
WHO_I_AM: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "pre-med": (
        gettext_lazy("I am a pre-med student."),
        gettext_lazy("I am a pre-med student and think about %(field)s."),
    ),
    "medical student": (
        gettext_lazy("I am a medical student."),
        gettext_lazy("I am a medical student and think about %(field)s."),
    ),
    "resident": (gettext_lazy("I am a resident."), gettext_lazy("I am a resident in %(field)s.")),
    "fellow": (gettext_lazy("I am a fellow."), gettext_lazy("I am a fellow in %(field)s.")),
    "early career": (
        gettext_lazy("I am a physician, early in my career."),
        gettext_lazy("I am a physician in %(field)s, early in my career."),
    ),
    "mid career": (
        gettext_lazy("I am a physician in the middle of my career."),
        gettext_lazy("I am a physician in %(field)s, in the middle of my career."),
    ),
    "late career": (
        gettext_lazy("I am a physician with a long career behind me."),
        gettext_lazy("I am a physician in %(field)s, with a long career behind me."),
    ),
    "retired": (gettext_lazy("I am a retired physician."), gettext_lazy("I am retired from %(field)s.")),
}
MEETS: Final[Mapping[str, Promise]] = {
    "in person": gettext_lazy("I like to meet in person."),
    "virtual": gettext_lazy("I like to meet online."),
}
MOST_WORDS: Final = 5  # of one list; more is no sentence any more


@dataclass(frozen=True)
class Biosketch:
    """A text about somebody; `own` where they wrote it themselves."""

    text: str
    own: bool

    def __bool__(self) -> bool:
        return bool(self.text)


def biosketch_of(person: Person, answers: Mapping[str, Any], role: str, *, to_match: bool = True) -> Biosketch:
    """What a mentor or mentee reads of somebody; a reader who is not their match learns nothing of who they are."""
    if person.biosketch:
        return Biosketch(person.biosketch, own=True)
    return Biosketch(drafted(answers, role, to_match=to_match), own=False)


def drafted(answers: Mapping[str, Any], role: str, *, to_match: bool = True) -> str:
    """A few plain sentences from the answers of a sign-up; empty where they say too little."""
    who = _who_i_am(answers) if to_match else ()
    return " ".join((*_sentences(answers, role), *who))


def is_checked(person: Person, answers: Mapping[str, Any]) -> bool:
    """Whether the NPI that somebody gave is the one on the society's own list. It adds a mark, and nothing else."""
    said = answers.get("extra", {}).get("npi")
    return bool(said) and person.on_roster_since is not None and said == person.roster.get("npi")


def _sentences(answers: Mapping[str, Any], role: str) -> Iterator[str]:
    if stage := WHO_I_AM.get(answers.get("stage", "")):
        field = _in_a_sentence(answers.get("specialty") or "")
        yield str(stage[1]) % {"field": field} if field else str(stage[0])
    if interests := answers.get("interests"):
        yield _("I am interested in %(what)s.") % {"what": listed(interests)}
    if aspects := answers.get("aspects"):
        says = _("I am glad to help with %(what)s.") if role == Role.MENTOR else _("I would like help with %(what)s.")
        yield says % {"what": listed(aspects)}
    if role == Role.MENTOR and (lived := answers.get("challenges")):
        yield _("I have been through this myself: %(what)s.") % {"what": listed(lived)}
    if any(language != "English" for language in answers.get("languages", ())):
        yield _("I speak %(what)s.") % {"what": listed(answers["languages"])}
    if meets := MEETS.get(answers.get("meeting_mode", "")):
        yield str(meets)


def _who_i_am(answers: Mapping[str, Any]) -> Iterator[str]:
    """What somebody allowed their mentor or mentee to read of who they are."""
    extra = answers.get("extra", {})
    for name, who in extra.get(WHO_SEES, {}).items():
        value = answers.get(name) or extra.get(name)
        if who == MATCH and isinstance(value, str):
            yield _("About me: %(what)s.") % {"what": value.rstrip(".")}


def listed(words: Sequence[str]) -> str:
    """Words as people list them; of many, the first few."""
    *most, last = words[:MOST_WORDS]
    return _("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last} if most else last


def _in_a_sentence(specialty: str) -> str:
    """A specialty within a sentence; what is written in capitals stays so."""
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in specialty.split())
