"""A certificate of tax exemption: brought once, looked at by an operator."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing import buying
from billing.certificates import bring_certificate
from billing.models import TaxCertificate
from chiron.console.models import Operator
from chiron.console.services import add_operator
from chiron.kernel.errors import DomainError
from tenants import context
from tenants.outbox.models import OutboxMail
from tests.billing.buying import Buyer

PAPER = b"%PDF-1.4 exempt"


def brought(buyer: Buyer, content: bytes = PAPER) -> TaxCertificate:
    with context.society(buyer.society):
        return bring_certificate(society=buyer.society, upload=SimpleUploadedFile("form.pdf", content), by=None)


def operator() -> Operator:
    with context.platform():
        return add_operator(name="Ann", email="ann@chiron.example")


def test_what_is_no_paper_is_refused_and_nothing_kept(buyer: Buyer) -> None:
    with pytest.raises(DomainError, match="a PDF or a picture"):
        brought(buyer, b"GIF89a")
    with context.platform():
        assert not TaxCertificate.objects.exists()


def test_it_counts_once_an_operator_has_looked_at_it(buyer: Buyer) -> None:
    certificate = brought(buyer)
    with context.platform():
        assert OutboxMail.objects.filter(template="tax_certificate").count() == 1
    for _ in range(2):
        buying.exempt(certificate=certificate, by=operator())
    assert buyer.desk.client.v1.customers.retrieve(buyer.row.customer_id).tax_exempt == "exempt"
    brought(buyer, PAPER + b" anew")
    with context.platform():
        kept = TaxCertificate.objects.get()
        assert (bytes(kept.content), kept.accepted_at) == (PAPER + b" anew", None)
