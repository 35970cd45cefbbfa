"""Goals and notes of a mentorship, for who is signed in: a mail's link may be passed on, so it does not open them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chiron.design import errors
from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import owed_for
from programs.mentorships.access import participation_for
from programs.mentorships.content.examples import example_for
from programs.mentorships.content.reading import content_of, goals_of, is_kept, kept_until, line_of, notes_of
from programs.mentorships.content.writing import (
    ChangedMeanwhile,
    TakenOutMeanwhile,
    add_goal,
    change_goal,
    change_note,
    mark_goal,
    take_out,
    write_note,
)
from programs.mentorships.models import Goal, Note
from programs.mentorships.portal.content_forms import GoalForm, NoteForm, WordsForm
from programs.mentorships.portal.ways import Here
from programs.mentorships.showing import Shown
from tenants.people.access import SocietyRequest, signed_in

Save = Callable[[dict[str, Any]], None]


def of_those_who_were_in_it(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For a mentorship that goes on, or whose words are still kept; else its own page says how it stands."""

    @never_cache
    @signed_in
    def wrapped(request: SocietyRequest, /, pk: UUID, **more: UUID) -> HttpResponse:
        shown = Shown.of(participation_for(request.person, pk))
        here = Here(shown, str(pk), by_link=False)
        if owed_for(here.mine.enrollment):
            return redirect(here.url("agree"))
        if shown.page not in ("active", "ended") or not is_kept(shown.mentorship):
            return redirect(here.back)
        return view(request, here, **more)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@of_those_who_were_in_it
def goals(request: SocietyRequest, here: Here) -> HttpResponse:
    """All goals and notes on one page; sent, a new goal."""
    form = GoalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            add_goal(participation=here.mine, text=form.cleaned_data["text"], key=form.cleaned_data["key"])
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(here.url("goals"))
    return _all(request, here, form)


@require_http_methods(["GET", "HEAD", "POST"])
@of_those_who_were_in_it
def goal(request: SocietyRequest, here: Here, goal: UUID) -> HttpResponse:
    """A goal in other words."""
    row = goals_of(here.mine).filter(pk=goal).first()
    form = GoalForm(request.POST if request.method == "POST" else None, row=row)

    def save(said: dict[str, Any]) -> None:
        if row is None:
            raise TakenOutMeanwhile
        change_goal(participation=here.mine, goal=row, text=said["text"], revision=said["revision"] or 0)

    return _words(request, here, form, row, save, anew=here.url("goals"))


@require_POST
@of_those_who_were_in_it
def mark(request: SocietyRequest, here: Here, goal: UUID) -> HttpResponse:
    """A goal is reached, let go, or open again."""
    to, row = request.POST.get("to"), goals_of(here.mine).filter(pk=goal).first()
    if to not in Goal.State.values:
        raise Http404
    try:
        if row is not None:
            mark_goal(participation=here.mine, goal=row, state=Goal.State(to))
    except DomainError as error:
        return errors.refused(request, error)
    return redirect(here.url("goals"))


@require_POST
@of_those_who_were_in_it
def take_out_goal(request: SocietyRequest, here: Here, goal: UUID) -> HttpResponse:
    """A goal goes for good."""
    return _take_out(request, here, goals_of(here.mine).filter(pk=goal).first())


@require_http_methods(["GET", "HEAD", "POST"])
@of_those_who_were_in_it
def new_note(request: SocietyRequest, here: Here) -> HttpResponse:
    """A note."""
    form = NoteForm(request.POST if request.method == "POST" else None, label=_shared_with(here))

    def save(said: dict[str, Any]) -> None:
        write_note(participation=here.mine, text=said["text"], shared=said["shared"], key=said["key"])

    return _words(request, here, form, None, save)


@require_http_methods(["GET", "HEAD", "POST"])
@of_those_who_were_in_it
def note(request: SocietyRequest, here: Here, note: UUID) -> HttpResponse:
    """A note in other words, or for other readers."""
    row = notes_of(here.mine).filter(pk=note).first()
    form = NoteForm(request.POST if request.method == "POST" else None, row=row, label=_shared_with(here))

    def save(said: dict[str, Any]) -> None:
        if row is None:
            raise TakenOutMeanwhile
        change_note(
            participation=here.mine,
            note=row,
            text=said["text"],
            shared=said["shared"],
            revision=said["revision"] or 0,
        )

    return _words(request, here, form, row, save, anew=here.url("new_note"))


@require_POST
@of_those_who_were_in_it
def take_out_note(request: SocietyRequest, here: Here, note: UUID) -> HttpResponse:
    """A note goes for good."""
    return _take_out(request, here, notes_of(here.mine).filter(pk=note).first())


def _words(
    request: SocietyRequest, here: Here, form: WordsForm, row: Goal | Note | None, save: Save, *, anew: str = ""
) -> HttpResponse:
    """The page on which one of them is written. Whatever refuses it, what was typed stands there still.

    anew: where it is written as a new one, once it was taken out meanwhile.
    """
    back = here.url("goals")
    if not form.is_bound and (here.shown.page == "ended" or (anew and row is None)):
        return redirect(back)
    action, now = "", None
    if form.is_valid():
        try:
            save(form.cleaned_data)
        except ChangedMeanwhile as error:
            now = line_of(here.mine, error.row)
            form.send_over(error.row)
            form.refuse(error)
        except TakenOutMeanwhile as error:
            action, row = anew, None
            form.refuse(error)
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(back)
    context = {
        "shown": here.shown,
        "program": here.shown.mentorship.cycle.program,
        "form": form,
        "action": action,
        "back": back,
        "row": row,
        "now": now,
        "is_goal": isinstance(form, GoalForm),
        "take_out": _take_out_url(here, row) if row else "",
    }
    return render(request, "mentorships/words.html", context, status=422 if form.is_bound else 200)


def _take_out(request: SocietyRequest, here: Here, row: Goal | Note | None) -> HttpResponse:
    revision = request.POST.get("revision", "")
    try:
        if row is not None:
            take_out(participation=here.mine, row=row, revision=int(revision) if revision.isdecimal() else 0)
    except DomainError as error:
        return errors.refused(request, error)
    return redirect(here.url("goals"))


def _take_out_url(here: Here, row: Goal | Note) -> str:
    kind = "goal" if isinstance(row, Goal) else "note"
    return reverse(f"mentorships:take_out_{kind}", args=[here.address, row.pk])


def _shared_with(here: Here) -> str:
    if here.shown.settings.in_groups:
        return _("Everybody in your group may read it")
    return _("%(name)s may read it too") % {"name": here.shown.other.address_name}


def _all(request: SocietyRequest, here: Here, form: GoalForm) -> HttpResponse:
    shown, content = here.shown, content_of(here.mine)
    goes_on = shown.page == "active"
    context = {
        "shown": shown,
        "program": shown.mentorship.cycle.program,
        "content": content,
        "form": form if goes_on or form.is_bound else None,
        "goes_on": goes_on,
        "keeps_notes": shown.settings.mentorship.notes,
        "example": example_for(shown),
        "kept_until": kept_until(shown.mentorship),
        "back": here.back,
        "concern": here.url("concern"),
    }
    return render(request, "mentorships/goals.html", context, status=422 if form.is_bound else 200)
