"""The shape of asking for a write-off or a refund, of paying one, and of donors' bank details."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from donors import rates
from donors.forms.fields import AmountField, DayField, MoneyForm
from donors.models import StartsWith
from trustfund.core.step_up import Proof


class VotingForm(MoneyForm):
    """What is put to the committee, and until when it votes."""

    closes_on = DayField(label=gettext_lazy("Voting ends on"))
    closes_at = forms.TimeField(
        label=gettext_lazy("At, in UTC"),
        initial="12:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    @property
    def moment(self) -> datetime:
        """The moment that was typed."""
        return datetime.combine(self.cleaned_data["closes_on"], self.cleaned_data["closes_at"], tzinfo=UTC)


class WriteOffForm(VotingForm):
    """How much of a pledge is given up, of which end, and why."""

    amount = AmountField(label=gettext_lazy("Give up"))
    starts_with = forms.ChoiceField(label=gettext_lazy("Takes first"), choices=StartsWith.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The committee reads it, and it stays in the record."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("What shows it"), max_length=400, help_text=gettext_lazy("A letter, a resolution, a ruling")
    )

    field_order = ("amount", "starts_with", "reason", "evidence", "closes_on", "closes_at")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """Turn the amount into money."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = self.take_money("amount", self.currency)
        return cleaned


class RefundForm(VotingForm):
    """How much is given back, and on what it rests."""

    amount = AmountField(label=gettext_lazy("Give back, in USD"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("On what agreement or decision it rests. The committee reads it."),
    )

    field_order = ("amount", "reason", "closes_on", "closes_at")

    def clean(self) -> dict[str, Any]:
        """Turn the amount into money."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = self.take_money("amount", rates.FUND_CURRENCY)
        return cleaned


class SignedForm(forms.Form):
    """A form with its own number and a fresh second factor."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    code = forms.CharField(required=False, max_length=16)
    passkey = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    @property
    def own_number(self) -> Any:
        """The page's own number: the one that came back, else the one this page carries."""
        if not self.is_bound:
            return self["nonce"].value()
        try:
            return self.fields["nonce"].clean(self.data.get(self.add_prefix("nonce")))
        except ValidationError:
            return uuid4()

    @property
    def proof(self) -> Proof:
        """The second factor that was shown."""
        return Proof(code=self.cleaned_data["code"], passkey=self.cleaned_data["passkey"])


class PayRefundForm(SignedForm):
    """What the bank calls the transfer of a refund, and the day it leaves."""

    bank_reference = forms.CharField(label=gettext_lazy("Bank reference of the transfer"), max_length=64)
    paid_on = DayField(label=gettext_lazy("Leaves on"))


class BankDetailsForm(forms.Form):
    """Where a donor's refund would be sent, as its own letter says."""

    holder = forms.CharField(label=gettext_lazy("Account name"), max_length=140)
    iban = forms.CharField(label=gettext_lazy("IBAN"), max_length=42)
    bic = forms.CharField(label=gettext_lazy("BIC"), max_length=14)
    bank = forms.CharField(label=gettext_lazy("Bank"), max_length=140)
    country = forms.CharField(
        label=gettext_lazy("Country of the bank"), max_length=2, help_text=gettext_lazy("Two letters")
    )
    source = forms.CharField(
        label=gettext_lazy("Given by"),
        max_length=200,
        help_text=gettext_lazy("The letter or form on which the donor gave these details"),
    )


class CallBackForm(SignedForm):
    """Whom an officer called back, on which number known before, and what was said."""

    called = forms.CharField(label=gettext_lazy("Who was called"), max_length=140)
    number = forms.CharField(label=gettext_lazy("On which number"), max_length=40)
    known_from = forms.CharField(
        label=gettext_lazy("Where that number was known from"),
        max_length=200,
        help_text=gettext_lazy("From before these details came: never from the letter that brought them"),
    )
    called_on = DayField(label=gettext_lazy("Called on"))
    called_time = forms.TimeField(
        label=gettext_lazy("At, in UTC"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    call_back = forms.CharField(
        label=gettext_lazy("What they said"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def called_at(self) -> datetime:
        """The moment that was typed."""
        return datetime.combine(self.cleaned_data["called_on"], self.cleaned_data["called_time"], tzinfo=UTC)
