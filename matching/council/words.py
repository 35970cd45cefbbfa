"""What the council reads: what each thing that matters means, and one invented pair that it would decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

MEANS: Final[Mapping[str, Any]] = {
    "lived_my_challenge": _("The mentor has been through what the mentee is going through now."),
    "aspects_covered": _("The mentor offers the help that the mentee asks for."),
    "near_each_other": _("They are close to each other, where they can meet in person."),
    "specialty": _("They work in the same field, or in fields that are related."),
    "shared_interests": _("They care about the same things beside their daily work."),
    "my_own_preference": _(
        "A mentee who would like a mentor with the same background, and says so, gets one who agrees to that."
    ),
    "free_at_the_same_time": _("They have time at the same hours of the week."),
    "wished_for": _("Somebody who read about the other said that they would like them."),
}
# Nobody here is real.
FOR_INSTANCE: Final[Mapping[str, Any]] = {
    "lived_my_challenge": _(
        "Dr. Abbott is close to burning out. Dr. Quill was, ten years ago, but works in another field and an hour away."
    ),
    "aspects_covered": _(
        "Dr. Abbott wants help with a first contract. Dr. Sorrel has been through several, and shares little else."
    ),
    "near_each_other": _("Dr. Abbott and Dr. Finch work ten minutes apart, in fields that have little in common."),
    "specialty": _("Dr. Abbott and Dr. Marlow are both pediatricians, two hours from each other."),
    "shared_interests": _("Dr. Abbott and Dr. Hale both teach, and both write. One is a surgeon, the other is not."),
    "my_own_preference": _(
        "Dr. Abbott would speak more freely with another woman. Dr. Reed is one; Dr. Finch’s office is nearer."
    ),
    "free_at_the_same_time": _(
        "Dr. Abbott has Wednesday evenings, and so has Dr. Lund. Dr. Finch would suit better, and never has time."
    ),
    "wished_for": _(
        "Dr. Abbott read about Dr. Hale and named her first. Dr. Finch has more in common with Dr. Abbott."
    ),
}
LEVELS: Final = (
    ("none", _("Not at all")),
    ("little", _("A little")),
    ("some", _("Matters")),
    ("most", _("Matters most")),
)
APART: Final[Mapping[str, Any]] = {
    "together": _("most agree"),
    "somewhat": _("opinions differ somewhat"),
    "apart": _("opinions are far apart"),
}
