"""The table of pairs, narrowed to what somebody looks for."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from chiron.design.frame import Link
from matching import words
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.selectors import draft_before, new_pairs


def narrowed(run: MatchRun, *, query: str, show: str) -> QuerySet[SuggestedPair]:
    """Pairs whose people have these words in their names, of one kind, the best first; the weakest first if asked."""
    pairs = _of_kind(run, show).select_related("mentee__person", "mentor__person", "mentorship")
    for word in query.split():
        pairs = pairs.filter(
            Q(mentee__person__given_name__icontains=word)
            | Q(mentee__person__family_name__icontains=word)
            | Q(mentor__person__given_name__icontains=word)
            | Q(mentor__person__family_name__icontains=word)
        )
    return pairs.order_by("score", "id") if show == "weakest" else pairs.order_by("-score", "id")


def filters_of(run: MatchRun, *, query: str, show: str) -> list[Link]:
    """The kinds that there are, with how many of each; kinds without any are left out."""
    labels = {
        "all": _("All"),
        "weakest": _("Weakest first"),
        "close": _("Close calls"),
        "weak": _("Weak"),
        "look": _("Please look"),
        "kept": _("Kept"),
        "new": _("Changed"),
    }
    links = []
    for name, label in labels.items():
        count = _of_kind(run, name).count()
        if count or name == "all":
            counted = label if name == "weakest" else f"{label} {count}"
            address = urlencode({"show": name} | ({"q": query} if query else {}))
            links.append(Link(counted, f"?{address}", current=name == show))
    return links


def _of_kind(run: MatchRun, show: str) -> QuerySet[SuggestedPair]:
    pairs = run.pairs.all()
    if show == "close":
        return pairs.filter(score__gte=words.WEAK, margin__lt=words.CLEAR)
    if show == "weak":
        return pairs.filter(score__lt=words.WEAK)
    if show == "look":
        return pairs.exclude(facts__flags=[])
    if show == "kept":
        return kept(run)
    if show == "new":
        before = draft_before(run)
        return new_pairs(run, before) if before else pairs.none()
    return pairs


def kept(run: MatchRun) -> QuerySet[SuggestedPair]:
    """The pairs that staff keep."""
    said = PairDecision.objects.filter(
        cycle=run.cycle_id, mentee=OuterRef("mentee"), mentor=OuterRef("mentor"), kind=PairDecision.Kind.KEEP
    )
    return run.pairs.filter(Exists(said))
