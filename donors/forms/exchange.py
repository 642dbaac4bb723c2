"""The shape of an exchange rate."""

from django import forms
from django.utils.translation import gettext_lazy

from donors import rates
from donors.forms.fields import CurrencyField, DayField


class RateForm(forms.Form):
    """An exchange rate as it is published."""

    currency = CurrencyField(label=gettext_lazy("Currency"))
    effective_on = DayField(label=gettext_lazy("In force from"))
    units_per_usd = forms.DecimalField(
        label=gettext_lazy("Units for one USD"), max_digits=20, decimal_places=8, localize=False
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=64,
        initial=rates.OPERATIONAL,
        help_text=gettext_lazy("Rates named “UN operational” value receipts; others are kept for comparison"),
    )
