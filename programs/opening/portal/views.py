"""The set-up list of a new society, and the mails that people of its program get first."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chiron.design.csp import HEADER
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.opening.first_mails import first_mails, send_first_mails
from programs.opening.portal.forms import OpenForm
from programs.opening.selectors import is_setting_up, newest_opened, set_up_of
from programs.opening.services import open_sign_up
from programs.policy.access import program_for
from tenants.people.access import RUNS_PROGRAMS, Kind, SocietyRequest, may, staff

# As a mail program shows it: its own styles, no scripts, nothing from elsewhere.
AS_MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def listing(request: SocietyRequest) -> HttpResponse:
    """What is done, what comes next, and the button that opens sign-up; then what a society shares."""
    if not is_setting_up(request.society):
        opened = newest_opened(request.person)
        return redirect("opening:share", opened.pk) if opened else redirect("today")
    found = set_up_of(request.society, request.person)
    form = None
    if found.program and (version := found.program.versions.first()):
        today = clock.today(request.society.zone)
        form = OpenForm(request.POST or None, policy=version.policy, draft=found.draft, today=today)
        if form.is_valid():
            try:
                cycle = open_sign_up(program=found.program, **form.cleaned_data, today=today, by=request.person)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, _opened(cycle.sign_up_opens_on > today))
                return redirect("opening:share", cycle.pk)
    context = {"found": found, "form": form, "is_owner": may(request.person, Kind.OWNER)}
    return render(request, "opening/list.html", context, status=422 if form and form.errors else 200)


def _opened(later: bool) -> str:
    if later:
        return _("Sign-up opens by itself on that day. Tell people now.")
    return _("Sign-up is open. Now tell people.")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def mails(request: SocietyRequest, slug: str) -> HttpResponse:
    """The first mails in words; the button sends all of them to whoever reads here."""
    program = program_for(request.person, slug, *RUNS_PROGRAMS)
    if request.method == "POST":
        if not request.person.email:
            messages.error(request, _("There is no mail address with your name yet, so nothing can be sent to you."))
        else:
            count = send_first_mails(program=program, to=request.person)
            told = ngettext("%d mail is on its way to you alone.", "%d mails are on their way to you alone.", count)
            messages.success(request, told % count)
        return redirect("opening:mails", slug)
    context = {"program": program, "mails": first_mails(program, viewer=request.person)}
    context["setting_up"] = is_setting_up(request.society)
    return render(request, "opening/mails.html", context)


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def mail(request: SocietyRequest, slug: str, number: int) -> HttpResponse:
    """One of them as a mail program shows it."""
    program = program_for(request.person, slug, *RUNS_PROGRAMS)
    found = first_mails(program, viewer=request.person)
    if not 1 <= number <= len(found):
        raise Http404
    return HttpResponse(found[number - 1].letter.html, headers={HEADER: AS_MAIL})
