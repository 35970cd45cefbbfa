"""What the project's own logging configuration writes."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from typing import Any

from chiron.observability import logs


class Lines:
    """A handler's lines, as JSON."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        configured = logs.configuration()
        self.handler = logging.StreamHandler(self.stream)
        formatter = logging.config.DictConfigurator(configured).configure_formatter(configured["formatters"]["lines"])
        self.handler.setFormatter(formatter)
        self.handler.addFilter(logs.LabelFilter())

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]
