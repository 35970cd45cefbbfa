"""Where the mail provider tells what came back. Not a page: it is called by a machine that signs what it says."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chiron.kernel.errors import DomainError
from tenants.outbox.notices import is_signed, read_json, take_notice


@csrf_exempt
@require_POST
def notices(request: HttpRequest) -> JsonResponse:
    """Take what is signed by one of our secrets; without a secret there is no such address."""
    if not settings.MAIL_NOTICE_SECRETS:
        raise Http404
    timestamp, signature = (request.headers.get(f"Chiron-{name}", "") for name in ("Timestamp", "Signature"))
    if not is_signed(request.body, timestamp=timestamp, signature=signature):
        return JsonResponse({"refused": "The signature does not fit, or is older than five minutes."}, status=403)
    try:
        found = read_json(request.body)
    except DomainError as error:
        return JsonResponse({"refused": error.message}, status=422)
    return JsonResponse({"taken": sum(take_notice(notice) for notice in found), "of": len(found)})
