"""The table of pairs, narrowed to what somebody looks for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from chiron.design.frame import Link
from matching.explaining import words
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.selectors import draft_before, new_pairs
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle

State = Mentorship.State
NAMES = [f"{role}__person__{part}_name" for role in ("mentee", "mentor") for part in ("given", "family")]


@dataclass(frozen=True)
class Table:
    """Pairs of a draft, or all that were published in a session; those with these words in their names, of one kind."""

    cycle: Cycle
    draft: MatchRun | None
    query: str = ""
    show: str = "all"

    def rows(self) -> QuerySet[SuggestedPair]:
        """The best first, or the weakest if asked."""
        pairs = self._of_kind(self.show).select_related("mentee__person", "mentor__person", "mentorship")
        for word in self.query.split():
            in_a_name = Q()
            for name in NAMES:
                in_a_name |= Q(**{f"{name}__icontains": word})
            pairs = pairs.filter(in_a_name)
        return pairs.order_by(F("score").asc() if self.show == "weakest" else F("score").desc(), "id")

    def filters(self) -> list[Link]:
        """The kinds that there are, with how many of each; kinds without any are left out."""
        links = []
        for name, label in self._kinds().items():
            count = self._of_kind(name).count()
            if count or name == "all":
                asked = {"show": name, "q": self.query, "which": "" if self.draft else "published"}
                address = urlencode({key: value for key, value in asked.items() if value})
                counted = label if name == "weakest" else f"{label} {count:,}"
                links.append(Link(counted, f"?{address}", current=name == self.show))
        return links

    @property
    def all(self) -> QuerySet[SuggestedPair]:
        """Every pair that there is to look at."""
        if self.draft:
            return self.draft.pairs.all()
        return SuggestedPair.objects.filter(run__cycle=self.cycle, run__state=MatchRun.State.PUBLISHED)

    def _kinds(self) -> dict[str, str]:
        if not self.draft:
            return {"all": _("All"), **{state.value: str(state.label) for state in State}}
        wishes = {"first_wish": _("First wishes")} if "wishes" in self.draft.snapshot else {}
        return {
            "all": _("All"),
            "weakest": _("Weakest first"),
            "close": _("Close calls"),
            "weak": _("Weak"),
            "look": _("Please look"),
            "kept": _("Kept"),
            **wishes,
            "new": _("Changed"),
        }

    def _of_kind(self, show: str) -> QuerySet[SuggestedPair]:
        if show in State:
            return self.all.filter(mentorship__state=show)
        if show == "close":
            return self.all.filter(score__gte=words.WEAK, margin__lt=words.CLEAR)
        if show == "weak":
            return self.all.filter(score__lt=words.WEAK)
        if show == "look":
            return self.all.exclude(facts__flags=[])
        if show == "kept":
            return kept(self.all)
        if show == "first_wish":
            return self.all.filter(facts__wishes__by_mentee=1)
        if show == "new" and self.draft:
            before = draft_before(self.draft)
            return new_pairs(self.draft, before) if before else self.all.none()
        return self.all


def kept(pairs: QuerySet[SuggestedPair]) -> QuerySet[SuggestedPair]:
    """The pairs that staff keep."""
    said = PairDecision.objects.filter(
        mentee=OuterRef("mentee"), mentor=OuterRef("mentor"), kind=PairDecision.Kind.KEEP
    )
    return pairs.filter(Exists(said))
