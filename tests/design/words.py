"""The code's words, which no page may use: people read society, session, sign-up, what matters, keep this pair."""

from __future__ import annotations

import re

# Each with what a page says instead.
INSTEAD = {
    "policy": "program settings",
    "policies": "program settings",
    "cycle": "session",
    "cycles": "sessions",
    "instrument": "questions",
    "instruments": "questions",
    "wave": "survey",
    "waves": "surveys",
    "criterion": "what matters",
    "criteria": "what matters",
    "pin": "keep this pair",
    "pins": "kept pairs",
    "pinned": "kept",
    "forbid": "never this pair",
    "pool": "people",
    "pools": "people",
    "capacity": "places",
    "capacities": "places",
    "stalled": "quiet",
    "enrollment": "sign-up",
    "enrollments": "sign-ups",
    "enrolled": "signed up",
    "hard rule": "never match",
    "hard rules": "never match",
    "match run": "suggested pairs",
    "solver": "suggestion",
    "snapshot": "as of",
    "tenant": "society",
    "tenants": "societies",
    "schema": "society",
    "schemas": "societies",
    "slug": "address",
    "uuid": "",
    "subscription entitlement": "plan",
    "entitlement": "plan",
    "entitlements": "plan",
    "outbox": "mail",
    "queryset": "",
    "traceback": "",
}

_LONGEST_FIRST = sorted(INSTEAD, key=len, reverse=True)
_WORDS = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, _LONGEST_FIRST))})(?![\w-])", re.IGNORECASE)


def found(text: str) -> list[str]:
    """The code's words in a visible text, each once, in lower case."""
    return list(dict.fromkeys(word.lower() for word in _WORDS.findall(text)))
