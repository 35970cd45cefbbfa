"""What a new version of a policy changes, in words that staff can decide on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from programs.policy.document.loading import store_policy
from programs.policy.document.policy import Policy
from programs.policy.rules.spoken import flattened, in_words, wanted_in_words
from programs.policy.rules.syntax import Condition, Rule, parse_rule
from programs.policy.sentences import Sentence, gettext_noop

Keys = tuple[str, ...]

LEFT_OUT: Final = ("chiron_policy", "first_cycle", "source")
RULES: Final = ("eligible", "focus")
TITLES: Final = ("title", "ask", "name", "wave", "after_round", "text")
MAILS: Final = ("asked", "reminder", "introduced", "not_this_one", "invited", "still_interested")
PROSE: Final = ("purpose", "values", "about", "text", "help", "refreshments", "logo", *MAILS)
IDENTIFIER: Final = re.compile(r"[a-z][a-z_]*", re.ASCII)

# Settings that only hold others: what lies in them is named without them.
SILENT: Final = frozenset(
    {
        *(
            "calendar",
            "sign_up",
            "choices",
            "cap",
            "matching",
            "council",
            "mentorship",
            "meetings",
            "check_in",
            "goals",
        ),
        *("introduction", "ends", "evening", "points", "interest"),
        # Each mail is named by what it is.
        "mails",
    }
)
# Settings whose own name would not be understood; the others go by their name.
LABELS: Final[Mapping[str, str]] = {
    "about": gettext_noop("description"),
    "after_a_no": gettext_noop("after a no"),
    "agree": gettext_noop("agreements"),
    "asked": gettext_noop("our words in the mail that asks"),
    "asks": gettext_noop("check-ins ask about"),
    "aspects_covered": gettext_noop("help wanted and offered"),
    "at_least": gettext_noop("meetings at least"),
    "at_most": gettext_noop("people named at most"),
    "binding": gettext_noop("the least number of meetings is binding"),
    "beyond": gettext_noop("who comes too late"),
    "by": gettext_noop("matched by"),
    "by_aspect": gettext_noop("a mentor for each thing they would like help with"),
    "change": gettext_noop("minutes to change tables"),
    "closes": gettext_noop("sign-up closes"),
    "combine": gettext_noop("the council's ballots are combined by"),
    "council_closes": gettext_noop("the council closes"),
    "eligible": gettext_noop("who may take part"),
    "enter": gettext_noop("way in"),
    "first_after": gettext_noop("first check-in after"),
    "first_before_second": gettext_noop("everybody gets a first one before anybody a second"),
    "floor": gettext_noop("least points of a pair"),
    "focus": gettext_noop("whom we seek"),
    "ideal": gettext_noop("meetings ideally"),
    "intake": gettext_noop("sign-up questions"),
    "introduced": gettext_noop("our words in the mail that introduces"),
    "invited": gettext_noop("our words in the mail that invites who is interested"),
    "lived_my_challenge": gettext_noop("the mentor has lived the mentee’s challenge"),
    "minutes": gettext_noop("minutes of a conversation"),
    "my_own_preference": gettext_noop("the mentee’s own preference"),
    "near_each_other": gettext_noop("close to each other"),
    "never": gettext_noop("never match"),
    "not_eligible": gettext_noop("our words in the mail to those who cannot take part"),
    "not_needed": gettext_noop("our words in the mail to mentors who are not needed"),
    "notes": gettext_noop("people can keep notes here"),
    "not_this_one": gettext_noop("our words in the mail after a no"),
    "offer_waits": gettext_noop("an offer waits"),
    "open_for": gettext_noop("open after sign-up closes for"),
    "open_to": gettext_noop("interest open to"),
    "opens": gettext_noop("sign-up opens"),
    "order": gettext_noop("order of the waitlist"),
    "owner": gettext_noop("whose goals they are"),
    "pairs": gettext_noop("pairs at most"),
    "pairs_by": gettext_noop("pairs follow"),
    "pay_it_forward": gettext_noop("mentees are asked to be mentors one day"),
    "published": gettext_noop("pairs are published"),
    "ranked_by": gettext_noop("who ranks"),
    "reminder": gettext_noop("our words in the reminder"),
    "runs_for": gettext_noop("a session runs for"),
    "seats": gettext_noop("seats"),
    "starts": gettext_noop("sessions start"),
    "still_interested": gettext_noop("our words in the mail that asks whether somebody is still interested"),
    "then_every": gettext_noop("then check-ins every"),
    "waits": gettext_noop("our words in the mail to mentees who wait"),
    "weights": gettext_noop("what matters"),
    "wished_for": gettext_noop("whom they would like"),
}
WITHIN: Final = gettext_noop("{outer}, {inner}")
CHANGED: Final = gettext_noop("{label}: {before} → {after}")
RULE_CHANGED: Final = gettext_noop("{before} → {after}")
REWORDED: Final = gettext_noop("{label}: reworded")
ADDED: Final = gettext_noop("{label}: new, {after}")
APPEARED: Final = gettext_noop("{label}: new")
VANISHED: Final = gettext_noop("{label}: no longer there")
AGREED_BY: Final = gettext_noop("agreed to by")
EVERYBODY: Final = gettext_noop("everybody")
REMOVED: Final = gettext_noop("{label}: no longer {before}")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two versions; `before` or `after` is None where it is new or gone."""

    part: str | None
    keys: Keys
    label: Sentence
    before: object
    after: object
    template: str

    def __str__(self) -> str:
        text = str(self.sentence)
        return text[:1].upper() + text[1:]

    @property
    def role(self) -> str | None:
        """The role whose rule it is, if it is a rule."""
        return self.keys[1] if self.keys[0] in RULES else None

    @property
    def sentence(self) -> Sentence:
        """The change in words."""
        return Sentence(self.template, {"label": self.label, "before": self.before, "after": self.after})


def diff(old: Policy, new: Policy) -> list[Change]:
    """Everything that the new version changes, in the order of the document. Where it came from is no change."""
    before, after = store_policy(old), store_policy(new)
    changes = [
        change
        for key in after
        if key not in (*LEFT_OUT, "parts")
        for change in _changes(None, (key,), before[key], after[key])
    ]
    old_parts, new_parts = ({part["name"]: part for part in stored["parts"]} for stored in (before, after))
    changes += _listed(None, ("parts",), list(old_parts), list(new_parts))
    for name, part in new_parts.items():
        if name in old_parts:
            for key in part:
                changes += _changes(name, (key,), old_parts[name][key], part[key])
    return changes


def _changes(part: str | None, keys: Keys, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if keys[0] in RULES and len(keys) == 2:
        yield from _rule_changes(part, keys, before, after)
    elif keys[0] == "matching" and keys[1:2] == ("weights",) and len(keys) == 3:
        yield from _nested(part, keys, _weight(before), _weight(after))
    elif all(value is None or isinstance(value, Mapping) for value in (before, after)):
        yield from _nested(part, keys, before or {}, after or {})
    elif all(value is None or isinstance(value, list) for value in (before, after)):
        yield from _listed(part, keys, before or [], after or [])
    else:
        yield _change(part, keys, _value(before), _value(after))


def _nested(part: str | None, keys: Keys, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in {**before, **after}:
        yield from _changes(part, (*keys, key), before.get(key), after.get(key))


def _weight(stored: Any) -> Mapping[str, Any]:
    """Points alone are stored as a number."""
    return {"points": stored} if isinstance(stored, int) else stored or {}


def _listed(part: str | None, keys: Keys, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    """What was added to a list, taken from it or put in another order; entries with a name are compared by it."""
    old, new = _by_title(before), _by_title(after)
    gone, added = [title for title in old if title not in new], [title for title in new if title not in old]
    if keys[-1] == "for" or len(old) == len(new) == len(gone) == 1:
        yield _change(part, keys, _joined(old) or EVERYBODY, _joined(new) or EVERYBODY)
        return
    if gone:
        yield _change(part, keys, _joined(gone), None)
    if added:
        yield _change(part, keys, None, _joined(added))
    for title in old:
        if title in new and old[title] != new[title]:
            yield from _nested(part, (*keys, title), _entry(old[title]), _entry(new[title]))
    if old.keys() == new.keys() and list(old) != list(new):
        yield _change(part, keys, _joined(old), _joined(new))


def _entry(stored: Any) -> Mapping[str, Any]:
    """What has nothing but a name is stored as that."""
    return stored if isinstance(stored, Mapping) else {"name": stored}


def _joined(titles: Iterable[str]) -> str:
    return ", ".join(str(_value(title)) for title in titles)


def _by_title(entries: Sequence[Any]) -> dict[str, Any]:
    """The entries of a list by what people know them by; a second of the same name is counted."""
    seen: Counter[str] = Counter()
    titled: dict[str, Any] = {}
    for entry in entries:
        title = str(entry)
        if isinstance(entry, Mapping):
            title = next(str(entry[key]) for key in TITLES if entry.get(key))
        seen[title] += 1
        titled[title if seen[title] == 1 else f"{title} ({seen[title]})"] = entry
    return titled


def _rule_changes(part: str | None, keys: Keys, before: Any, after: Any) -> Iterator[Change]:
    old, new = (flattened(parse_rule(stored)) if stored else () for stored in (before, after))
    gone, added = [rule for rule in old if rule not in new], [rule for rule in new if rule not in old]
    for rule in [rule for rule in gone if isinstance(rule, Condition)]:
        successor = next((other for other in added if _same_question(rule, other)), None)
        if isinstance(successor, Condition):
            gone.remove(rule)
            added.remove(successor)
            yield _condition_change(part, keys, rule, successor)
    if len(gone) == len(added) == 1:
        yield _change(part, keys, in_words(gone.pop()), in_words(added.pop()))
    yield from (_change(part, keys, in_words(rule), None) for rule in gone)
    yield from (_change(part, keys, None, in_words(rule)) for rule in added)


def _same_question(rule: Condition, other: Rule) -> bool:
    return isinstance(other, Condition) and (rule.fact, rule.verb, rule.negated) == (
        other.fact,
        other.verb,
        other.negated,
    )


def _condition_change(part: str | None, keys: Keys, before: Condition, after: Condition) -> Change:
    """“Training completed within 2 years → 5 years”."""
    return Change(part, keys, _label(keys), in_words(before), wanted_in_words(after), RULE_CHANGED)


def _change(part: str | None, keys: Keys, before: object, after: object) -> Change:
    prose = keys[-1] in PROSE
    if before is None:
        template = APPEARED if prose else ADDED
    elif after is None:
        template = VANISHED if prose else REMOVED
    else:
        template = REWORDED if prose else CHANGED
    return Change(part, keys, _label(keys), before, after, template)


def _label(keys: Keys) -> Sentence:
    """The names on the way to a setting, without those that only hold others."""
    if keys[0] == "agree" and keys[-1] == "by":
        return Sentence(WITHIN, {"outer": _label(keys[:-1]), "inner": Sentence(AGREED_BY)})
    *outer, label = [_named(key) for key in keys if key not in SILENT] or [_named(keys[-1])]
    for name in reversed(outer):
        label = Sentence(WITHIN, {"outer": name, "inner": label})
    return label


def _named(key: str) -> Sentence:
    return Sentence(LABELS[key]) if key in LABELS else Sentence("{name}", {"name": key.replace("_", " ")})


def _value(stored: Any) -> object:
    """A stored value as people read it; names such as same_employer in words."""
    if isinstance(stored, bool):
        return "yes" if stored else "no"
    if isinstance(stored, list):
        return tuple(_value(each) for each in stored)
    return stored.replace("_", " ") if isinstance(stored, str) and IDENTIFIER.fullmatch(stored) else stored
