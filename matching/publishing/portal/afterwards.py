"""After publishing: send the next best pair, once somebody's place is free again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chiron.kernel.errors import DomainError
from matching.access import cycle_for
from matching.explaining import privacy, words
from matching.models import SuggestedPair
from matching.publishing import nexts
from matching.publishing.models import NextBest
from matching.publishing.previews import preview_of_pair
from matching.showing.rows import Row, parts_of
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def next_best(request: SocietyRequest, cycle_pk: UUID, next_best: UUID) -> HttpResponse:
    """Why these two come next, and what they would be written."""
    cycle = cycle_for(request.person, cycle_pk)
    there = NextBest.objects.select_related("mentee__person", "mentor__person", "after")
    found = there.filter(cycle=cycle, pk=next_best).first()
    if found is None:
        messages.info(request, _("This pair was sent already, or somebody else comes next by now."))
        return redirect("desk:pairs", cycle_pk)
    pair = found.as_pair()
    context = {
        "cycle": cycle,
        "next": found,
        "mails": preview_of_pair(cycle, pair),
        **facts_of(pair),
    }
    return render(request, "publishing/next_best.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def send_next(request: SocietyRequest, cycle_pk: UUID, next_best: UUID) -> HttpResponse:
    """One button: whoever is asked first is written to."""
    cycle = cycle_for(request.person, cycle_pk)
    try:
        change = nexts.send_next(next_best=NextBest(pk=next_best, cycle=cycle), by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        assert change.mentorship is not None, "What is sent has begun."
        people = change.mentorship.participations.select_related("person").exclude(answer="not_asked")
        asked = ", ".join(sorted(each.person.address_name for each in people))
        messages.success(request, _("Sent. A mail is on its way to %(names)s.") % {"names": asked})
    return redirect("desk:pairs", cycle_pk)


def facts_of(pair: SuggestedPair) -> dict[str, object]:
    """What a page shows of two people who are suggested for each other."""
    return {
        "pair": pair,
        "row": Row(pair, None),
        "parts": parts_of(pair),
        "total": words.points(pair.score),
        "to_mentee": privacy.sentences_for_staff(pair),
        "one_more": privacy.has_private_part(pair),
    }
