"""Static files where a build may come between: a file that has gone is a 404, and no page fails for a picture."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

logger = logging.getLogger(__name__)


class Assets(WhiteNoiseMiddleware):
    """WhiteNoise knows the files from the process's start; meanwhile one may have been taken away."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        try:
            response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        except FileNotFoundError:
            return HttpResponse("gone\n", status=HTTPStatus.NOT_FOUND, content_type="text/plain; charset=utf-8")
        return response


class Names(CompressedManifestStaticFilesStorage):
    """Names with hashes, by the list of the last build; what it lacks keeps its plain name, so that error pages and
    everything else can be drawn.
    """

    def stored_name(self, name: str) -> str:
        try:
            stored: str = super().stored_name(name)
        except ValueError:
            logger.error("no build has the static file %s", name)
            return name
        return stored
