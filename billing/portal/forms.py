"""What an owner chooses and says about the plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Interval, Plan, Price
from billing.showing import money
from tenants import context


class ChoiceForm(forms.Form):
    """Which plan, by the month or by the year: one choice of all current prices."""

    price = forms.ChoiceField(label=gettext_lazy("Plan"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, prices: list[Price], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prices = {price.lookup_key: price for price in prices}
        field = self.fields["price"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, _said(price)) for key, price in self._prices.items()]

    @property
    def chosen(self) -> tuple[Plan, Interval]:
        """What was chosen; the form is valid."""
        price = self._prices[self.cleaned_data["price"]]
        return price.plan, Interval(price.interval)


class QuoteForm(ChoiceForm):
    """A quote besides: for whom."""

    contact_name = forms.CharField(
        label=gettext_lazy("Who gets the invoices?"),
        help_text=gettext_lazy("Your treasurer or your office. They need no account here."),
        max_length=120,
    )
    contact_mail = forms.EmailField(label=gettext_lazy("Their mail address"))
    address = forms.CharField(
        label=gettext_lazy("Postal address on the quote"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class ContactForm(forms.Form):
    """Who hears of bills beside the owners."""

    contact_name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    contact_mail = forms.EmailField(label=gettext_lazy("Mail address"), required=False)


class CertificateForm(forms.Form):
    """The paper by which a society need not pay tax."""

    certificate = forms.FileField(
        label=gettext_lazy("Certificate"),
        help_text=gettext_lazy("A PDF or a picture, 5 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class EndForm(forms.Form):
    """Why it ends."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you end it?"),
        help_text=gettext_lazy("A few words. It helps us more than you may think."),
        max_length=300,
    )


def _said(price: Price) -> str:
    """“Up to 25 mentorships, $79.00 a month”: a plan's name says its room."""
    words = _("a year") if price.interval == Interval.YEAR else _("a month")
    said = {"plan": price.plan.name, "price": money(price.cents, price.currency), "time": words}
    return _("%(plan)s, %(price)s %(time)s") % said


def current_prices() -> list[Price]:
    """All current prices of plans that can be chosen, the smallest plan first."""
    with context.platform():
        found = Price.objects.filter(plan__offered=True, replaced_at=None).exclude(stripe_id="").select_related("plan")
        return list(found.order_by("plan__position", "plan__key", "interval"))
