"""Starting a program: from a template with a handful of questions, as a copy of another, or from a file."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from chiron.kernel.errors import DomainError
from programs.policy import templates
from programs.policy.access import program_for
from programs.policy.document import Policy, PolicyError, load_policy
from programs.policy.editing.entries import Entry, Line
from programs.policy.editing.forms import SectionForm
from programs.policy.editing.ruling import Ruling
from programs.policy.editing.section import Section
from programs.policy.models import Program
from programs.policy.page import pages_of
from programs.policy.portal.forms import CopyForm, FileForm
from programs.policy.services import create_program
from programs.policy.words import ROLES_OF
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, require, staff

# The order in which templates are offered, and for whom each is.
OFFERED: Final = {
    "mentorship-in-medicine": gettext_lazy("A county society, for every stage: in pairs, and on evenings"),
    "premed-mentorship": gettext_lazy("Students on the way to medical school, paired by hand"),
    "physician-to-physician-pilot": gettext_lazy("A small first run among physicians, with an advisory council"),
    "physician-to-physician": gettext_lazy("The same at full length, as it was planned after the pilot"),
    "primary-care": gettext_lazy("Several mentors at once, groups, and circles of peers"),
    "one-to-one-mentoring": gettext_lazy("Something else: begin plainly, and change what you like"),
}


@require_safe
@staff(*RUNS_PROGRAMS)
def choose(request: SocietyRequest) -> HttpResponse:
    """The templates."""
    require(request.person, *RUNS_PROGRAMS)
    offered = [(name, whom, templates.load(name)) for name, whom in OFFERED.items()]
    return render(request, "policy/choose.html", {"templates": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def template(request: SocietyRequest, name: str) -> HttpResponse:
    """Six questions with their answers filled in, beside a picture of the page that they make."""
    require(request.person, *RUNS_PROGRAMS)
    if name not in templates.names():
        raise Http404
    contact = request.society.contact_mail
    shipped = templates.load(name)
    policy = shipped.model_copy(update={"contact": contact}) if contact else shipped
    form = SectionForm(request.POST or None, section=QUESTIONS, base=policy)
    read = form.policy() if form.is_bound else policy
    context: dict[str, Any] = {"template": name, "form": form, "policy": read or policy, "source": policy.source}
    context["parts"] = [(page, None) for page in pages_of(read or policy)]
    if request.headers.get("HX-Request"):
        return render(request, "policy/_phone.html", context)
    if form.is_bound and read is not None and "start" in request.POST:
        try:
            return _started(request, create_program(policy=read, by=request.person))
        except DomainError as error:
            form.add_error("title", error.message)
    return render(request, "policy/template.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def copy(request: SocietyRequest, slug: str) -> HttpResponse:
    """A new program with the settings of another."""
    require(request.person, *RUNS_PROGRAMS)
    shown = program_for(request.person, slug, *RUNS_PROGRAMS)
    version = shown.versions.first()
    if version is None:
        raise Http404
    proposed = {"title": _("%(name)s, a copy") % {"name": shown.name}, "contact": shown.contact}
    form = CopyForm(request.POST or None, initial=proposed)
    if form.is_valid():
        try:
            policy = version.policy.model_copy(update=form.cleaned_data)
            return _started(request, create_program(policy=policy, by=request.person))
        except DomainError as error:
            form.add_error("title", error.message)
    return render(request, "policy/copy.html", {"program": shown, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def from_file(request: SocietyRequest) -> HttpResponse:
    """A program from settings that were saved as a file, here or elsewhere."""
    require(request.person, *RUNS_PROGRAMS)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (policy := _read(form)):
        try:
            return _started(request, create_program(policy=policy, by=request.person))
        except DomainError as error:
            form.add_error(None, error.message)
    return render(request, "policy/from_file.html", {"form": form}, status=422 if form.errors else 200)


def _questions(stored: Any) -> list[Entry]:
    """What a template asks: what differs from society to society."""
    part = stored["parts"][0]
    roles = [(role, part["roles"][role]["called"]) for role in ROLES_OF[part["format"]]]
    return [
        Line(("title",), gettext_lazy("What is it called?")),
        Line(("time_commitment",), gettext_lazy("How much time does it take?")),
        *(
            Ruling(("parts", 0, "eligible", role), _("Who can be a %(role)s?") % {"role": called.lower()})
            for role, called in roles
        ),
        Line(("calendar", "runs_for"), gettext_lazy("How long does it run?"), gettext_lazy("Such as “5 months”.")),
        Line(("contact",), gettext_lazy("Whom can people ask?"), gettext_lazy("A mail address.")),
    ]


QUESTIONS: Final = Section("start", gettext_lazy("Start a program"), "", _questions)


def _read(form: FileForm) -> Policy | None:
    """The settings in the file, or as they were pasted; what is wrong with them stands at the form."""
    file = form.cleaned_data["file"]
    content = file.read() if file else form.cleaned_data["text"]
    try:
        return load_policy(content, file.name if file else _("settings"))
    except PolicyError as error:
        for fault in error.faults:
            form.add_error("file" if file else "text", str(fault))
        return None


def _started(request: SocietyRequest, program: Program) -> HttpResponse:
    messages.success(request, _("%(name)s is there. Open its first session next.") % {"name": program.name})
    if not Program.objects.exclude(pk=program.pk).exists():  # a society that begins has a list to go by
        return redirect("opening:list")
    return redirect("programs:program", program.slug)
