"""Certificates of tax exemption: brought by an owner once, looked at by an operator."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from billing.models import Subscription, TaxCertificate
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.policy.document import Blank
from programs.surveys.kinds.files import checked_file
from tenants import audit, context, outbox
from tenants.models import Society
from tenants.people.models import Person

WHAT: Final = Blank(name="certificate", kind="file", types=("PDF", "picture"), most_mb=5)


def bring_certificate(*, society: Society, upload: UploadedFile[Any], by: Person | None) -> TaxCertificate:
    """Keep a certificate, in the place of an earlier one, and ask an operator to look at it. DomainError if it is no
    PDF and no picture, or too large, or if nothing is charged.
    """
    with context.platform():
        if not Subscription.objects.filter(society=society).exists():
            raise DomainError(_("Nothing is charged to your society, so there is no tax either."), field="certificate")
    try:
        checked = checked_file(upload, WHAT)
    except ValidationError as error:
        raise DomainError(error.messages[0], field="certificate") from None
    with context.platform():
        kept, _new = TaxCertificate.objects.update_or_create(
            society=society,
            defaults={
                "name": checked.name,
                "content_type": checked.content_type,
                "content": checked.content,
                "brought_at": clock.now(),
                "accepted_at": None,
                "accepted_by": "",
            },
        )
        outbox.mail("tax_certificate", to=settings.CHIRON_CONTACT, context={"society": society})
    audit.record("billing.certificate_brought", actor=by, subject=society)
    return kept
