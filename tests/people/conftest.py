"""Signing in as people do: by the code in a mail."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from chiron.console.services import add_operator
from tenants.models import Society
from tenants.outbox.models import OutboxMail

CODE = re.compile(r"\b\d{3}-\d{3}\b")


def newest_mail() -> OutboxMail:
    """The mail that was written last, behind the door one stands in."""
    mail = OutboxMail.objects.order_by("-written_at", "-id").first()
    assert mail is not None
    return mail


def newest_code() -> str:
    """The code in its subject."""
    found = CODE.search(newest_mail().subject)
    assert found, newest_mail().subject
    return found.group()


@pytest.fixture
def browser_of_sierra(sierra: Society, visitor: Callable[[str], Client]) -> Client:
    """A browser on Sierra's host, in which nobody has signed in."""
    return visitor(sierra.host)


@pytest.fixture
def operator(platform_door: None) -> str:
    """The address of an operator."""
    return add_operator(email="ann@chiron.example.org", name="Ann Lee").account.email
