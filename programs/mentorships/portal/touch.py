"""Pages of a mentorship that goes on: a word by the link of a mail, “We met”, a pause, and when it isn't working."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chiron.design import errors
from chiron.kernel.errors import DomainError
from programs.mentorships import leaving
from programs.mentorships.links import link_for
from programs.mentorships.models import Meeting, Mentorship, Participation
from programs.mentorships.portal.touch_forms import MetForm, NotWorkingForm, PauseForm, WordForm
from programs.mentorships.portal.ways import Here, both_ways, expires
from programs.mentorships.showing import Shown
from programs.mentorships.touch import pausing
from programs.mentorships.touch.links import word_by
from programs.mentorships.touch.mails import words_to_write
from programs.mentorships.touch.pace import next_day, since
from programs.mentorships.touch.saying import (
    last_question,
    note_meeting,
    say,
    take_back,
    take_meeting_back,
    word_of,
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@expires
def word(request: HttpRequest, token: str) -> HttpResponse:
    """One answer of a mail, chosen already, and one large button; afterwards “Noted” and the way back."""
    mine, said = word_by(token)
    shown = Shown.of(mine)
    if shown.page != "active":
        return redirect(link_for(mine))
    form = WordForm(request.POST if request.method == "POST" else None, said=said)
    if form.is_valid():
        try:
            say(participation=mine, said=said, on=form.cleaned_data.get("on"))
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect("mentorships:word", token)
    there = word_of(mine, last_question(mine.mentorship))
    noted = not form.is_bound and there is not None and there.said == said
    context = {
        "shown": shown,
        "program": shown.mentorship.cycle.program,
        "said": said,
        "question": _question(mine.mentorship),
        "form": form,
        "token": token,
        "link": link_for(mine),
        "next_day": next_day(mine.mentorship) if noted else None,
        "ready": words_to_write(),
    }
    template = "mentorships/word_noted.html" if noted else "mentorships/word.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
@expires
def undo_word(request: HttpRequest, token: str) -> HttpResponse:
    """It was not so."""
    mine, _said = word_by(token)
    try:
        take_back(participation=mine)
    except DomainError as error:
        return errors.refused(request, error)
    return redirect("mentorships:word", token)


def _question(mentorship: Mentorship) -> str:
    """“Have you two met since March 3?”"""
    question = last_question(mentorship)
    day = {"day": date_format(question.since if question else since(mentorship), "F j")}
    if mentorship.cycle.settings.in_groups:
        return _("Has your group met since %(day)s?") % day
    return _("Have you two met since %(day)s?") % day


def _met(request: HttpRequest, here: Here) -> HttpResponse:
    """“We met.”"""
    form = MetForm(request.POST if request.method == "POST" else None, shown=here.shown)
    if form.is_valid():
        try:
            note_meeting(participation=here.mine, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Noted: you have met. Thank you."))
            return redirect(here.back)
    return _page(request, here, "met", form)


def _not_met(request: HttpRequest, here: Here) -> HttpResponse:
    """One of the meetings that this person noted was none, or on another day."""
    meeting = _noted(here.mine, request.POST.get("meeting", ""))
    if meeting is not None:
        try:
            take_meeting_back(participation=here.mine, meeting=meeting)
        except DomainError as error:
            return errors.refused(request, error)
        messages.success(request, _("Taken out again."))
    return redirect(here.back)


def _noted(mine: Participation, pk: str) -> Meeting | None:
    try:
        return Meeting.objects.filter(pk=UUID(pk), mentorship=mine.mentorship_id, noted_by=mine.person_id).first()
    except ValueError:
        raise Http404 from None


def _pause(request: HttpRequest, here: Here) -> HttpResponse:
    """Let it rest until a day."""
    form = PauseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            pausing.pause(participation=here.mine, until=form.cleaned_data["until"])
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Noted. Nothing is asked of you until then, and the other side knows it."))
            return redirect(here.back)
    return _page(request, here, "pause", form)


def _back(request: HttpRequest, here: Here) -> HttpResponse:
    """The pause is over."""
    try:
        pausing.come_back(participation=here.mine)
    except DomainError as error:
        return errors.refused(request, error)
    return redirect(here.back)


def _not_working(request: HttpRequest, here: Here) -> HttpResponse:
    """A word to the coordinator, or the end without blame."""
    form = NotWorkingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            if form.cleaned_data["what"] == "advice":
                leaving.ask_for_advice(participation=here.mine, case=form.why(), words=words)
                messages.success(request, _("We have told the people who run the program. They write to you."))
            else:
                leaving.end(participation=here.mine, case=form.why(), words=words, again=form.cleaned_data["again"])
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(here.back)
    return _page(request, here, "not_working", form)


def _page(request: HttpRequest, here: Here, name: str, form: object) -> HttpResponse:
    shown = here.shown
    context = {"shown": shown, "program": shown.mentorship.cycle.program, "form": form, "back": here.back}
    return render(request, f"mentorships/{name}.html", context, status=422 if request.method == "POST" else 200)


met, met_by_link = both_ways(_met)
not_met, not_met_by_link = both_ways(_not_met, ["POST"])
pause, pause_by_link = both_ways(_pause)
back, back_by_link = both_ways(_back, ["POST"])
not_working, not_working_by_link = both_ways(_not_working)
