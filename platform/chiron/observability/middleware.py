"""Each request gets an id that its log lines, error reports, audit entries and tasks repeat."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from chiron.observability import labels
from chiron.observability.logs import route_of

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")

logger = logging.getLogger("chiron.requests")


class RequestId:
    """The outermost layer: takes a proxy's request id if it is well-formed, answers with it, logs one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        began = time.perf_counter()
        with labels.labelled(request_id=request_id):
            response = self.get_response(request)
            response[HEADER] = request_id
            self._log(request, response, milliseconds=round((time.perf_counter() - began) * 1000))
        return response

    def _log(self, request: HttpRequest, response: HttpResponseBase, *, milliseconds: int) -> None:
        facts: dict[str, Any] = {
            "method": request.method,
            "route": route_of(request),
            "status": response.status_code,
            "milliseconds": milliseconds,
        }
        if tenant := getattr(request, "society", None):
            facts["society"] = tenant.slug
        logger.info("%(method)s /%(route)s %(status)s", facts, extra=facts)
