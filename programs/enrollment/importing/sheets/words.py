"""How people write what we have one word for: titles, stages, ways to meet, numbers. Tables first, readers after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from programs.enrollment.importing.sheets.faults import Noted

DAY: Final = re.compile(r"(mon|tues?|wed(nes)?|thu(r(s)?)?|fri|sat(ur)?|sun)(days?)?")
ACRONYMS: Final = {"img": "IMG", "lgbtq": "LGBTQ", "lgbtq+": "LGBTQ+", "cme": "CME", "ai": "AI", "usmle": "USMLE"}
NOTHING: Final = frozenset({"", "-", "--", "–", "n/a", "na", "none", "null", "tbd", "unknown", "not applicable", "?"})
NUMBERS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
DEGREE: Final = re.compile(
    r"mds?|do|mbbs|mbchb|phd|mph|msc?|ma|mba|msn|mh[as]|np|pa-?c?|rn|jd|dds|dmd|pharmd|frcp|esq|fac(p|s|c|og|ep)|fa?afp|faap"
)
FORM_OF_ADDRESS: Final = re.compile(r"(dr|mr|ms|mrs|mx|prof(essor)?)\.?", re.IGNORECASE)
PARTICLE: Final = re.compile(r"al|bin|d[aeiu]|del|della|den|der|dos|el|l[aeo]|los|st\.?|van|von", re.IGNORECASE)

TRAINING: Final = (
    ("pre-med", r"pre-? ?(med|health)|undergrad|college|post-?bac"),
    ("medical student", r"med(ical)? ?(student|school)|\bo?ms ?-?[1-4i]|\bm[1-4]\b"),
    ("resident", r"residen|\bpgy|\bintern\b"),
    ("fellow", r"fellow(?!ship.trained)"),
    ("retired", r"retired|emerit"),
)
CAREER: Final = (
    ("early career", r"early|\bnew\b|just started|young|junior|assistant prof"),
    ("mid career", r"mid\b|mid-|middle|associate prof"),
    ("late career", r"late\b|late-|senior|seasoned"),
)
IN_PERSON, FROM_AFAR = r"(in.?person|face|on.?site)", r"(virtual|online|remote|zoom|video|phone)"
WAYS_TO_MEET: Final = (
    ("either", r"either|both|\bany|no preference|doesn.?t matter|hybrid|flexible"),
    ("either", f"{IN_PERSON}.*{FROM_AFAR}|{FROM_AFAR}.*{IN_PERSON}"),
    ("in person", IN_PERSON),
    ("virtual", FROM_AFAR),
)
ROLES: Final = (
    ("mentor", r"\bmentors?\b(?! me)|\bmentoring\b|both"),
    ("mentee", r"mentee|prot[eé]g[eé]|mentored|both"),
)
OF_THREES_AND_CIRCLES: Final = (
    ("early", r"\bearly|\bjunior"),
    ("middle", r"\bmid(dle)?\b"),
    ("senior", r"\blate\b|\bsenior"),
    ("peer", r"\bpeers?\b"),
)
# What a session calls its roles if nobody said otherwise.
MENTOR_AND_MENTEE: Final[Mapping[str, str]] = {"mentor": "Mentor", "mentee": "Mentee"}
# Who wants a mentor is none.
WANTS_A_MENTOR: Final = re.compile(
    r"\b(want|wish for|need|like|look(ing)? for|find(ing)?|seek(ing)?|hav(e|ing)|get(ting)?|receiv(e|ing)"
    r"|request(ing)?|(matched|paired|connected) (with|to)) +(to (have|find|get) +)?((a|my|some) )?mentors?\b"
    r"|\b(want|need|seek|get|receive|look(ing)? for) (mentoring|mentorship)\b|a mentor for me",
    re.IGNORECASE,
)
YES_AND_NO: Final = (("yes", r"^(y|yes|true|1|x|i agree.*|agreed|✓)$"), ("no", r"^(n|no|false|0)$"))


def shown(cell: str) -> str:
    """A cell as it may stand in a sentence: short."""
    return f"“{cell if len(cell) <= 60 else cell[:57] + '…'}”"


def once(words: Iterable[str]) -> tuple[str, ...]:
    """Trimmed words without empty ones and repetitions, in their order."""
    kept: dict[str, str] = {}
    for word in words:
        if trimmed := " ".join(word.split()):
            kept.setdefault(trimmed.casefold(), trimmed)
    return tuple(kept.values())


def is_nothing(cell: str) -> bool:
    """Whether people who write this mean that there is nothing to write."""
    return cell.casefold() in NOTHING


def in_lower_case(phrase: str) -> str:
    """A choice as our vocabularies write it: lower case but for acronyms and days of the week."""
    return " ".join(
        word.capitalize() if DAY.fullmatch(word) else ACRONYMS.get(word, word) for word in phrase.lower().split()
    )


def choose(cell: str, choices: Iterable[tuple[str, str]]) -> str | None:
    """The first choice whose pattern is found."""
    return next((choice for choice, pattern in choices if re.search(pattern, cell, re.IGNORECASE)), None)


def roles(cell: str) -> frozenset[str]:
    """The roles that somebody asks for: “mentor”, “both”, “I would like a mentor”."""
    offered, wants = WANTS_A_MENTOR.subn(" ", cell)
    found = {role for role, pattern in ROLES if re.search(pattern, offered, re.IGNORECASE)}
    return frozenset(found | {"mentee"} if wants else found)


def roles_of(cell: str, called: Mapping[str, str]) -> tuple[str, ...]:
    """The roles of a session that somebody asks for, by the session's own names (by role) or as everybody says."""
    found, rest = set(), cell
    for role, name in sorted(called.items(), key=lambda each: -len(each[1])):
        if name.casefold() != role:
            rest, times = re.subn(rf"(?<!\w){re.escape(name)}s?(?!\w)", " ", rest, flags=re.IGNORECASE)
            found |= {role} if times else set()
    found |= roles(rest) if "mentor" in called else _usual(rest)
    return tuple(role for role in called if role in found)


def _usual(cell: str) -> set[str]:
    return {role for role, pattern in OF_THREES_AND_CIRCLES if re.search(pattern, cell, re.IGNORECASE)}


def stage(cell: str) -> str | Noted[str]:
    """A stage from a phrase like “Resident or fellow” or “In practice, 7–20 years”; ValueError if it says none."""
    found = [choice for choice, pattern in TRAINING if re.search(pattern, cell, re.IGNORECASE)]
    if not found:
        found = [choice for choice in (_stage_by_years(cell), choose(cell, CAREER)) if choice][:1]
    if not found:
        raise ValueError(f"{shown(cell)} is not a stage of a career.")
    return found[0] if len(found) == 1 else Noted(found[0], f"{shown(cell)} was read as “{found[0]}”.")


def _stage_by_years(cell: str) -> str | None:
    """Under 7 years in practice is early, up to 20 mid, above late career; of a range its middle counts."""
    numbers = [int(number) for number in re.findall(r"\d+", cell)]
    if not numbers or re.search(r"\d(st|nd|rd|th)\b", cell, re.IGNORECASE):
        return None  # “4th year” is one of something that is not said
    years = sum(numbers) / len(numbers)
    if re.search(r"under|less|fewer|first|up to|<", cell, re.IGNORECASE):
        years /= 2
    elif re.search(r"over|more|above|\+|>", cell, re.IGNORECASE):
        years += 1
    return "early career" if years < 7 else "mid career" if years <= 20 else "late career"


def number(cell: str) -> int | Noted[int]:
    """“2”, “two” or “up to two”; ValueError if it says no number or several."""
    found = [int(word) if word.isdigit() else NUMBERS.index(word) for word in _numbers_in(cell)]
    if len(found) != 1:
        raise ValueError(f"{shown(cell)} does not say one number.")
    plain = cell.isdigit() or cell.lower() in NUMBERS
    return found[0] if plain else Noted(found[0], f"{shown(cell)} was read as {found[0]}.")


def _numbers_in(cell: str) -> list[str]:
    return re.findall(rf"\b(?:\d{{1,4}}|{'|'.join(NUMBERS)})\b", cell.lower(), re.ASCII)


def without_titles(name: str) -> str:
    """A name without degrees after it and forms of address before it. Names that look like degrees (Do, Ma) stay."""
    first, *others = [part.strip() for part in re.split(r"[,;]", name)]
    words = first.split()
    while len(words) > 1 and FORM_OF_ADDRESS.fullmatch(words[0]):
        words = words[1:]
    while len(words) > len(["given", "family"]) and _is_degree(words[-1]) and not first.isupper():
        words = words[:-1]
    kept = [part for part in others if part and not all(_is_degree(word) for word in part.split())]
    return ", ".join([" ".join(words), *kept])


def _is_degree(word: str) -> bool:
    return bool(DEGREE.fullmatch(word.lower().replace(".", "")))


def split_name(name: str) -> tuple[str, str]:
    """Given and family name from “Allison Brown, MD” or “Brown, Allison”."""
    words = without_titles(name)
    if "," in words:
        family, _, given = words.partition(",")
        return given.strip(), family.strip()
    parts = words.split()
    if len(parts) < 2:
        return words, ""
    first = len(parts) - 1
    while first > 1 and PARTICLE.fullmatch(parts[first - 1]):
        first -= 1
    return " ".join(parts[:first]), " ".join(parts[first:])
