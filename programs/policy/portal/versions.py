"""The settings that a program has had: each in words and as a file, any two compared, and the way back."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chiron.kernel.errors import DomainError
from programs.policy.access import program_for, version_for
from programs.policy.document import diff, dump_policy
from programs.policy.models import PolicyVersion
from programs.policy.overview import in_full
from programs.policy.services import ChangedMeanwhile, go_back_to
from tenants.people.access import EVERY_KIND, RUNS_PROGRAMS, SocietyRequest, may, require, staff

NUMBER = re.compile(r"[0-9]{1,9}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*EVERY_KIND)
def version(request: SocietyRequest, slug: str, number: int) -> HttpResponse:
    """Settings of some day in words; the button makes them the newest once more."""
    shown = program_for(request.person, slug, *EVERY_KIND)
    found = version_for(shown, number)
    if request.method == "POST":
        require(request.person, *RUNS_PROGRAMS, program_id=shown.pk)
        try:
            seen = request.POST.get("newest", "")
            go_back_to(version=found, by=request.person, after=int(seen) if NUMBER.fullmatch(seen) else None)
        except ChangedMeanwhile:
            messages.error(request, _("The settings have changed since you looked. This is what would change now."))
            return redirect("programs:version", slug, number)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(
                request, _("These settings hold again. What came between is kept, and can be gone back to.")
            )
        return redirect("programs:program", slug)
    newest = shown.versions.first()
    assert newest is not None
    context = {
        "program": shown,
        "version": found,
        "newest": newest,
        "policy": found.policy,
        "parts": in_full(found.policy),
        "would_change": [str(change) for change in diff(newest.policy, found.policy)],
        "may_change": may(request.person, *RUNS_PROGRAMS, program_id=shown.pk),
    }
    return render(request, "policy/version.html", context)


@require_safe
@staff(*EVERY_KIND)
def compare(request: SocietyRequest, slug: str) -> HttpResponse:
    """What differs between any two of a program's settings, in words."""
    shown = program_for(request.person, slug, *EVERY_KIND)
    versions = list(shown.versions.select_related("created_by"))
    earlier = _chosen(versions, request.GET.get("from", ""), versions[min(1, len(versions) - 1)])
    later = _chosen(versions, request.GET.get("to", ""), versions[0])
    context = {
        "program": shown,
        "versions": versions,
        "earlier": earlier,
        "later": later,
        "changes": [str(change) for change in diff(earlier.policy, later.policy)],
    }
    return render(request, "policy/compare.html", context)


@require_safe
@staff(*RUNS_PROGRAMS)
def as_file(request: SocietyRequest, slug: str, number: int) -> HttpResponse:
    """Settings as a file that can be kept, sent on and brought in elsewhere."""
    shown = program_for(request.person, slug, *RUNS_PROGRAMS)
    found = version_for(shown, number)
    name = f"{shown.slug}-{found.number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(dump_policy(found.policy), content_type="application/yaml; charset=utf-8", headers=headers)


def _chosen(versions: list[PolicyVersion], number: str, otherwise: PolicyVersion) -> PolicyVersion:
    if not number:
        return otherwise
    found = next((each for each in versions if str(each.number) == number), None)
    if found is None:
        raise Http404
    return found
