"""Who hears of a society's money beside its owners, and where invoices go."""

from __future__ import annotations

from django.utils.translation import gettext as _

from billing import gateway
from billing.models import Subscription
from chiron.kernel.errors import DomainError
from tenants import audit, context
from tenants.models import Society
from tenants.people.models import Person


def name_contact(*, society: Society, name: str, mail: str, by: Person | None) -> None:
    """Note a billing contact here and at Stripe; with neither, it is the owners again.

    Leaves the house first: call it before the first write of a request. DomainError for a name without an address.
    """
    if name and not mail:
        raise DomainError(_("Write the mail address too: invoices go there."), field="contact_mail")
    with context.platform():
        customer = Subscription.objects.filter(society=society).values_list("customer_id", flat=True).first()
    if customer:
        gateway.change_customer(customer, name=society.name, mail=mail or society.contact_mail)
    with context.platform():
        Subscription.objects.filter(society=society).update(contact_name=name, contact_mail=mail)
    audit.record("billing.contact_named", actor=by, subject=society)
