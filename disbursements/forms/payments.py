"""What people type for payments, bank details and treasury: shape only. What may be, the operations decide."""

from datetime import date
from typing import Any, Final, cast
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from disbursements.models import Organisation, Programme
from disbursements.movement_kinds import MovementKind
from disbursements.payment_states import PaymentStatus, ReturnReason
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable
from trustfund.core.step_up import Proof

_BETWEEN_DIGITS: Final = str.maketrans("", "", ", \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'")


class AmountField(forms.CharField):
    """An amount in the fund's currency, typed with or without commas between thousands; read as Money."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """
        Return the money that was typed.

        :raises ValidationError: if it is no amount
        """
        typed = str(super().clean(value)).translate(_BETWEEN_DIGITS)
        if not typed:
            return None
        try:
            return Money.of(typed, settings.FUND_CURRENCY)
        except Unacceptable as refusal:
            raise ValidationError(refusal.message) from refusal


class DayField(forms.DateField):
    """A day, picked with the browser's own control."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class OnceForm(forms.Form):
    """A form with its own number, so that sending it twice does one thing."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    @property
    def number(self) -> Any:
        """The page's own number: the one that came back, else the one this page carries."""
        if self.is_bound:
            field = self.fields["nonce"]
            try:
                return field.clean(self.data.get(self.add_prefix("nonce")))
            except ValidationError:
                return uuid4()
        return self["nonce"].value()


class SignForm(OnceForm):
    """A signature with a fresh second factor."""

    code = forms.CharField(required=False, max_length=16)
    passkey = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    @property
    def proof(self) -> Proof:
        """The second factor that was shown."""
        return Proof(code=self.cleaned_data["code"], passkey=self.cleaned_data["passkey"])


class PrepareForm(OnceForm):
    """The one thing to choose when a payment is prepared."""

    value_on = DayField(
        label=_("Value date"),
        help_text=_("The day on which the organisation should have the money: three to five working days from now."),
    )

    def __init__(self, *args: Any, suggested: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value_on"].initial = suggested


class ReleaseForm(SignForm):
    """The amount by hand, and a second factor."""

    typed = AmountField(
        label=_("Type the amount to release"),
        help_text=_("In the fund's currency, digits as shown above. This guards against releasing the wrong payment."),
        max_length=40,
    )


class ArrivedForm(OnceForm):
    """What the bank's advice says of a payment that arrived."""

    line = forms.UUIDField(required=False, widget=forms.HiddenInput)

    bank_reference = forms.CharField(
        label=_("Bank's reference"), help_text=_("As it stands on the bank's advice."), max_length=64
    )
    credited_on = DayField(label=_("Credited on"), help_text=_("The day on which the organisation's account had it."))


class ReturnForm(OnceForm):
    """Why and when a bank sent a payment back."""

    line = forms.UUIDField(required=False, widget=forms.HiddenInput)

    reason = forms.ChoiceField(label=_("Bank's reason"), choices=ReturnReason.choices)
    returned_on = DayField(label=_("Returned on"), help_text=_("The day on which the fund's account had it again."))
    bank_reference = forms.CharField(label=_("Bank's reference"), max_length=64, required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class CancelForm(OnceForm):
    """Why a payment is cancelled."""

    note = forms.CharField(label=_("Why it is cancelled"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class BankAccountForm(forms.Form):
    """Bank details as they stand on the organisation's letter."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    holder = forms.CharField(label=_("Account name"), max_length=140)
    iban = forms.CharField(
        label=_("IBAN"),
        max_length=50,
        help_text=_("Spaces do not matter. The check digits are tested."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bic = forms.CharField(label=_("BIC"), max_length=14, help_text=_("8 or 11 letters and digits."))
    bank = forms.CharField(label=_("Bank"), max_length=140, help_text=_("Its name and town."))
    country = forms.CharField(label=_("Country of the bank"), max_length=2, help_text=_("Two letters, such as CH."))
    source = forms.CharField(
        label=_("Where the details come from"),
        max_length=200,
        help_text=_("The letter or form on which the organisation gave them, with its date."),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "organisation").queryset = organisations


class VerifyForm(SignForm):
    """Who was called back, on which number, when and what they said, and a second factor."""

    called = forms.CharField(label=_("Whom you called"), max_length=140)
    telephone = forms.CharField(label=_("On which number"), max_length=40)
    known_from = forms.CharField(
        label=_("Where the fund had that number from"),
        max_length=200,
        help_text=_("Use a number known before, never one from the letter with the new details."),
    )
    called_at = forms.DateTimeField(
        label=_("When, in UTC"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    call_back = forms.CharField(label=_("What they said"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class MovementForm(forms.Form):
    """Interest, a bank charge, a refund or expenditure."""

    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none())
    reference = forms.CharField(
        label=_("Reference"),
        max_length=64,
        help_text=_("The bank's, or that of the organisation's report. Recording it twice changes nothing."),
    )
    amount = AmountField(label=_("Amount"), help_text=_("In the fund's currency."), max_length=40)
    on = DayField(label=_("Day"), help_text=_("Of the bank's entry; for expenditure, the last day of the report."))
    memo = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, kind: MovementKind, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = _choices(self, "programme")
        programme.queryset = programmes
        if kind == MovementKind.BANK_CHARGE:
            del self.fields["programme"]
        if kind == MovementKind.FUND_INTEREST:
            programme.required = False
            programme.empty_label = str(_("None: interest of the fund's own account"))


class PaymentFilter(forms.Form):
    """Which payments to list."""

    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Every state")), *PaymentStatus.choices]
    )
    q = forms.CharField(label=_("Reference, organisation or programme"), required=False, max_length=100)


class MovementFilter(forms.Form):
    """Which movements to list."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Every kind")), *MovementKind.choices])
    q = forms.CharField(label=_("Reference, note or programme"), required=False, max_length=100)


def _choices(form: forms.Form, name: str) -> "forms.ModelChoiceField[Any]":
    return cast("forms.ModelChoiceField[Any]", form.fields[name])
