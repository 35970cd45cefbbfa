"""Add, change or end a pair after publishing: first the mails, then the second press."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.kernel.errors import DomainError
from matching.access import cycle_for
from matching.models import SuggestedPair
from matching.publishing import changing
from matching.publishing.models import Change
from matching.publishing.portal.afterwards import facts_of
from matching.publishing.portal.forms import ChangeForm
from matching.publishing.portal.group_changing import change_group
from matching.publishing.previews import Preview, undone
from matching.waiting import Waiting
from programs.enrollment.models import Enrollment
from programs.mentorships.selectors import STANDING
from programs.mentorships.services import mentor_and_mentee
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

# A mentee and a mentor.
Two = tuple[Enrollment, Enrollment]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def add(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Two people who are in no draft."""
    cycle = cycle_for(request.person, cycle_pk)
    if cycle.settings.in_groups:
        raise Http404
    form = ChangeForm(_data(request), free=_free(cycle), mentorship=None, initial=request.POST.dict())

    def two() -> Two:
        return form.person("mentee"), form.person("mentor")

    def work() -> Change:
        mentee, mentor = two()
        reason = form.cleaned_data["reason"]
        return changing.add_pair(cycle=cycle, mentee=mentee, mentor=mentor, reason=reason, by=request.person)

    return _page(request, cycle, form, work, two)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def change(request: SocietyRequest, cycle_pk: UUID, mentorship: UUID) -> HttpResponse:
    """Another mentor, or an end."""
    cycle = cycle_for(request.person, cycle_pk)
    found = get_object_or_404(cycle.mentorships, pk=mentorship)
    if cycle.settings.in_groups:
        return change_group(request, cycle, found)
    if found.state not in STANDING:
        messages.info(request, _("This pair has ended already."))
        return redirect("desk:pairs", cycle_pk)
    mentor, mentee = mentor_and_mentee(found)
    free = [each for each in _free(cycle) if each.pk not in (mentor.enrollment_id, mentee.enrollment_id)]
    form = ChangeForm(_data(request), free=free, mentorship=found, initial=request.POST.dict())

    def two() -> Two | None:
        return None if form.is_an_end else (mentee.enrollment, form.person("mentor"))

    def work() -> Change:
        said = form.cleaned_data
        told = {"reason": said["reason"], "words": said["words"], "by": request.person}
        if form.is_an_end:
            return changing.end_pair(mentorship=found, **told)
        return changing.change_pair(mentorship=found, mentor=form.person("mentor"), **told)

    known = {"mentorship": found, "mentor": mentor.person, "mentee": mentee.person}
    return _page(request, cycle, form, work, two, **known)


def _page(
    request: SocietyRequest,
    cycle: Cycle,
    form: ChangeForm,
    work: Callable[[], Change],
    two: Callable[[], Two | None],
    **known: object,
) -> HttpResponse:
    """The form; then what it would write; then it is done."""
    context: dict[str, object] = {"cycle": cycle, "form": form, **known}
    if request.method == "POST" and "again" not in request.POST and form.is_valid():
        try:
            if "do" in request.POST:
                work()
                messages.success(request, _("Done. The mails are on their way."))
                return redirect("desk:pairs", cycle.pk)
            context |= _looked(work, two())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    return render(request, "publishing/change.html", context, status=422 if form.errors else 200)


def _looked(work: Callable[[], Change], two: Two | None) -> dict[str, object]:
    """What would be written at once, and how well the new two suit each other; nothing of it stays."""
    done: list[Change] = []
    mails = [Preview(_("At once"), mail) for mail in undone(lambda: done.append(work()))]
    shown: dict[str, object] = {"looked": True, "mails": mails}
    made = done[0]
    if two and made.score is not None:
        shown |= facts_of(SuggestedPair(mentee=two[0], mentor=two[1], score=made.score, facts=made.facts))
    return shown


def _data(request: SocietyRequest) -> QueryDict | None:
    """What was sent; whoever says it otherwise finds it in the form as it was."""
    return request.POST if request.method == "POST" and "again" not in request.POST else None


def _free(cycle: Cycle) -> list[Enrollment]:
    return list(Waiting.of(cycle).enrollments)
