"""What staff see of the society's mail: to whom, about what, what became of it; its words in a rehearsal alone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from tenants.outbox.models import OutboxMail
from tenants.outbox.selectors import mail_log
from tenants.outbox.services import take_back as take_mail_back
from tenants.outbox.sink import as_mail_programs_show
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, may, require, staff
from tenants.people.models import StaffRole

# The log holds mails of all programs, so a role in one program does not open it.
READERS = (*RUNS_PROGRAMS, StaffRole.Kind.SUPPORT)
PAGE = 50
TONES = {
    OutboxMail.State.WAITING: "info",
    OutboxMail.State.LEAVING: "info",
    OutboxMail.State.SENT: "success",
    OutboxMail.State.FAILED: "danger",
    OutboxMail.State.CANCELED: "quiet",
}


@require_safe
@staff(*READERS)
def log(request: SocietyRequest) -> HttpResponse:
    require(request.person, *READERS)
    wanted = request.GET.get("q", "").strip()
    page = Paginator(mail_log(to=wanted), PAGE).get_page(request.GET.get("page"))
    for line in page.object_list:
        state = OutboxMail.State(line["state"])
        back = OutboxMail.CameBack(line["came_back"]).label if line["came_back"] else ""
        line |= {"state_label": state.label, "tone": TONES[state], "back_label": back}
    runs = may(request.person, *RUNS_PROGRAMS)
    return render(request, "outbox/log.html", {"page": page, "wanted": wanted, "runs": runs})


@require_safe
@staff(*READERS)
def letter(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """A mail of a rehearsal in plain text. Of real people staff read no letters."""
    return render(request, "outbox/letter.html", {"mail": _of_nobody_real(request, pk)})


@require_safe
@staff(*READERS)
def letter_html(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """A mail of a rehearsal as its reader's mail program shows it."""
    return as_mail_programs_show(_of_nobody_real(request, pk).html)


def _of_nobody_real(request: SocietyRequest, pk: UUID) -> OutboxMail:
    require(request.person, *READERS)
    if not request.society.is_rehearsal:
        raise Http404
    return get_object_or_404(OutboxMail.objects.exclude(text=""), pk=pk).opened()


@require_POST
@staff(*READERS)
def take_back(request: SocietyRequest, pk: UUID) -> HttpResponse:
    require(request.person, *READERS)
    mail = get_object_or_404(OutboxMail, pk=pk)
    try:
        take_mail_back(mail=mail, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, _("The mail to %(name)s was taken back.") % {"name": mail.recipient_name or mail.recipient}
        )
    return redirect("mail:log")
