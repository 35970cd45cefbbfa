"""What fits somebody, before anybody knows who they are: three to five facts, and the answer on the same page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.kernel import clock
from programs.enrollment.fitting import all_rules, fits_of, wanted_facts
from programs.enrollment.portal.first_page import FactsForm, known_facts, somebody
from programs.enrollment.portal.joining import TOLD
from programs.policy.offered import offered_programs
from tenants import context
from tenants.people.access import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def fits(request: HttpRequest) -> HttpResponse:
    """Which parts of which programs fit, which don't and why, and when they will. What is told carries over."""
    society = context.current()
    assert society is not None
    today, person = clock.today(society.zone), person_of(request)
    offers = offered_programs(today)
    wanted = wanted_facts(all_rules(offers))
    if person is not None and person.roster.get("membership_status"):
        wanted -= {"member"}
    posted = request.method == "POST"
    told = request.session.get(TOLD, {})
    form = FactsForm(request.POST if posted else None, wanted=wanted, initial=known_facts(person, told))
    shown: dict[str, object] = {"form": form}
    if posted and form.is_valid():
        facts = form.facts()
        request.session[TOLD] = facts
        found = fits_of(somebody(facts, person), offers, today)
        shown |= {
            "told": True,
            "yes": [fit for fit in found if fit.fits],
            "perhaps": [fit for fit in found if not fit.fits and not fit.does_not],
            "later": [fit for fit in found if fit.does_not and fit.later],
            "no": [fit for fit in found if fit.does_not and not fit.later],
        }
    return render(request, "enrollment/fits.html", shown, status=422 if posted and form.errors else 200)
