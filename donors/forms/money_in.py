"""The shape of what arrives, and of undoing it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from donors import queries, rates
from donors.forms.fields import AmountField, CurrencyField, DayField, MoneyForm
from donors.models import Pledge


class PledgeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """A pledge, told by its donor and reference."""

    def label_from_instance(self, obj: Pledge) -> str:
        """Return donor, reference and amount."""
        return f"{obj.donor.name}: {obj.reference}, {obj.amount}"


class ReceiptForm(MoneyForm):
    """A line of the bank's statement, and the pledge it pays."""

    pledge = PledgeChoice(label=gettext_lazy("Pledge"), queryset=Pledge.objects.none())
    value_on = DayField(label=gettext_lazy("Value date"))
    bank_reference = forms.CharField(label=gettext_lazy("Bank reference"), max_length=64)
    payer = forms.CharField(label=gettext_lazy("Payer"), max_length=160)
    amount = AmountField(label=gettext_lazy("Amount credited"))
    currency = CurrencyField(label=gettext_lazy("Currency"))
    settles = AmountField(
        label=gettext_lazy("Settles of the pledge"),
        required=False,
        help_text=gettext_lazy("In the pledge's currency; only if that is not the amount itself"),
    )
    usd_value = AmountField(
        label=gettext_lazy("Credited in USD"),
        required=False,
        help_text=gettext_lazy(
            "Only if the bank changed the money itself; else the operational rate of the value date is used"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pledge"].queryset = queries.open_pledges()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn the amounts into money."""
        cleaned = super().clean() or self.cleaned_data
        pledge = cleaned.get("pledge")
        cleaned["received"] = self.take_money("amount", cleaned.get("currency", ""))
        cleaned["settled"] = self.take_money("settles", pledge.currency if pledge else "")
        cleaned["usd_money"] = self.take_money("usd_value", rates.FUND_CURRENCY)
        return cleaned


class ReversalForm(forms.Form):
    """Why and when a receipt is undone."""

    reversed_on = DayField(
        label=gettext_lazy("Undone on"),
        help_text=gettext_lazy("When the bank took the money back, or the mistake was found"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
