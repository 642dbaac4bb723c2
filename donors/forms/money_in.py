"""The shape of what arrives, and of undoing it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bank.models import BankLine
from donors import queries, rates
from donors.forms.fields import AmountField, CurrencyField, DayField, MoneyForm
from donors.models import Pledge
from trustfund.core.money import Money


class PledgeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """A pledge, told by its donor and reference."""

    def label_from_instance(self, obj: Pledge) -> str:
        """Return donor, reference and amount."""
        return f"{obj.donor.name}: {obj.reference}, {obj.amount}"


class LineChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """A line of the bank, told by its reference, day and amount."""

    def label_from_instance(self, obj: BankLine) -> str:
        """Return what tells the line from others."""
        return f"{obj.reference}, {obj.value_on.isoformat()}, {obj.amount}"


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

    grounds = forms.CharField(
        label=gettext_lazy("How you know what it settles"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only for money in another currency than the pledge; another person confirms it"),
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
    """Why and when a receipt is undone, and by which debit if the bank took the money back."""

    reversed_on = DayField(
        label=gettext_lazy("Undone on"),
        help_text=gettext_lazy("When the bank took the money back, or the mistake was found"),
    )
    line = LineChoice(
        label=gettext_lazy("The bank's debit"),
        queryset=BankLine.objects.none(),
        required=False,
        empty_label=gettext_lazy("none: it was recorded in error"),
        help_text=gettext_lazy("If the bank took the money back, the line that says so"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, received: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = queries.debits_of(received)  # type: ignore[attr-defined]
