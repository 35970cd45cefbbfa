"""A ballot as one of its voters sees it, by the link of the mail. Opening it changes nothing; its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chiron.design import errors
from chiron.kernel.errors import DomainError
from chiron.kernel.signing import Expired
from matching.council import showing
from matching.council.counting import of_levels
from matching.council.links import voter_by
from matching.council.models import Vote, Voter
from matching.council.portal.forms import LevelsForm, PercentsForm
from matching.council.selectors import factors_of, present_percents
from matching.council.voting import cast, is_open, sits, take_vote_back, vote_in_words, vote_of

VoterView = Callable[[HttpRequest, str, Voter], HttpResponse]


def by_link(view: VoterView) -> Callable[[HttpRequest, str], HttpResponse]:
    """For whom a link was made: a ballot that has closed, or a seat that somebody else has, says so and no more."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        try:
            voter = voter_by(token)
        except Expired:
            return render(request, "council/expired.html", status=410)
        except Voter.DoesNotExist:
            return render(request, "council/closed.html", {"sits": False}, status=404)
        voter.seat.person = voter.person
        if not is_open(voter.ballot) or not sits(voter.seat):
            context = {"voter": voter, "sits": sits(voter.seat)}
            return render(request, "council/closed.html", context)
        return view(request, token, voter)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@by_link
def vote(request: HttpRequest, token: str, voter: Voter) -> HttpResponse:
    """A word for each thing that may matter; whoever has voted sees their vote and may change it."""
    before = vote_of(voter)
    if before is not None and request.method != "POST" and "change" not in request.GET:
        return _noted(request, token, voter, before)
    names = factors_of(voter.ballot.part.matching)
    form = LevelsForm(
        request.POST if request.method == "POST" else None, names=names, initial=before.levels if before else {}
    )
    if form.is_valid():
        try:
            vote_in_words(voter=voter, levels=form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Noted. Your vote counts."))
            return redirect("council_vote:vote", token)
    context = _about(token, voter) | {"form": form, "before": before}
    return render(request, "council/vote.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@by_link
def in_numbers(request: HttpRequest, token: str, voter: Voter) -> HttpResponse:
    """Percent for each thing that may matter. They begin with the words that were chosen and not yet sent."""
    before, matching = vote_of(voter), voter.ballot.part.matching
    from_words = _percents_of_words(request, voter) if "words" in request.POST else {}
    present = {name: round(each) for name, each in present_percents(matching).items()}
    initial = from_words or (before.percents if before else present)
    sent = request.POST if request.method == "POST" and "words" not in request.POST else None
    form = PercentsForm(sent, names=factors_of(matching), initial=initial)
    if form.is_valid():
        try:
            cast(voter=voter, percents=form.percents())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Noted. Your vote counts."))
            return redirect("council_vote:vote", token)
    context = _about(token, voter) | {"form": form, "before": before, "from_words": bool(from_words)}
    return render(request, "council/in_numbers.html", context, status=422 if form.errors else 200)


@require_POST
@by_link
def take_back(request: HttpRequest, token: str, voter: Voter) -> HttpResponse:
    """As if one had not voted."""
    try:
        take_vote_back(voter=voter)
    except DomainError as error:
        return errors.refused(request, error)
    messages.success(request, _("Your vote is taken back. You can vote anew until the ballot closes."))
    return redirect("council_vote:vote", token)


def _percents_of_words(request: HttpRequest, voter: Voter) -> dict[str, int]:
    form = LevelsForm(request.POST, names=factors_of(voter.ballot.part.matching))
    if not form.is_valid() or all(level == "none" for level in form.cleaned_data.values()):
        return {}
    return of_levels(form.cleaned_data)


def _noted(request: HttpRequest, token: str, voter: Voter, vote: Vote) -> HttpResponse:
    context = _about(token, voter) | {"vote": vote, "said": showing.said_in(vote)}
    return render(request, "council/noted.html", context)


def _about(token: str, voter: Voter) -> dict[str, object]:
    ballot = voter.ballot
    return {"token": token, "voter": voter, "ballot": ballot, "program": ballot.cycle.program, "cycle": ballot.cycle}
