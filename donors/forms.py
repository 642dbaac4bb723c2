"""The shape of what people type about donors and money. What it may mean is for the operations to say."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import queries, rates, schedule
from donors.models import Agreement, Donor, DonorKind, Pledge
from donors.schedule import Schedule
from trustfund.core.currencies import MINOR_UNITS
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

# Currencies in which donors pay most come first; then all that the fund knows.
_USUAL: Final = ("USD", "EUR", "GBP", "CHF", "NOK", "SEK", "DKK", "KRW", "JPY", "CAD", "AUD")
_GROUPED: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_A_HUNDRED: Final = 100


def _currencies() -> list[tuple[str, str]]:
    codes = [*_USUAL, *(code for code in sorted(MINOR_UNITS) if code not in _USUAL)]
    return [(code, code) for code in codes]


class DayField(forms.DateField):
    """A day, picked with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class CurrencyField(forms.ChoiceField):
    """A currency that the fund knows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_currencies, **kwargs)


class AmountField(forms.CharField):
    """An amount as digits; thousands may be grouped by commas, as the fund itself prints them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the digits without the grouping."""
        text = str(super().clean(value))
        return text.replace(",", "") if _GROUPED.fullmatch(text) else text


class MoneyForm(forms.Form):
    """A form whose amounts become money in a currency that another field names."""

    def take_money(self, name: str, currency: str) -> Money | None:
        """Return the money of a field, or nothing: the field was empty, or now carries what is the matter."""
        text = self.cleaned_data.get(name)
        if not text or not currency:
            return None
        try:
            return Money.of(text, currency)
        except Refusal as refusal:
            self.add_error(name, refusal.message)
            return None


class DonorForm(forms.Form):
    """Who gives."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=160, help_text=gettext_lazy("As the donor signs: Republic of Valdria")
    )
    office = forms.CharField(
        label=gettext_lazy("Office that signs"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("For a state, the ministry"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=DonorKind.choices)
    country_code = forms.CharField(
        label=gettext_lazy("Country code"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("Three letters (ISO 3166), if there is one"),
    )

    def clean_country_code(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["country_code"]).upper()

    def clean_kind(self) -> DonorKind:
        """Return the kind itself."""
        return DonorKind(self.cleaned_data["kind"])


class RepresentativeForm(forms.Form):
    """Who speaks for a donor: somebody with that role who speaks for none yet."""

    person = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(
            is_active=True, is_seconded=False, roles__name=RoleName.DONOR_REPRESENTATIVE, roles__ended_at=None
        ).exclude(pk__in=queries.people_who_represent())
        self.fields["person"].queryset = people.order_by("name")  # type: ignore[attr-defined]


class AgreementForm(forms.Form):
    """What a donor signed."""

    signed_on = DayField(label=gettext_lazy("Signed on"))
    from_year = forms.IntegerField(label=gettext_lazy("From year"), min_value=1990, max_value=2200)
    to_year = forms.IntegerField(label=gettext_lazy("To year"), min_value=1990, max_value=2200)
    currency = CurrencyField(label=gettext_lazy("Currency"))
    fee_percent = forms.DecimalField(
        label=gettext_lazy("Fee of the administrative agent, in per cent"),
        initial=Decimal("1.0"),
        min_value=0,
        max_digits=6,
        decimal_places=4,
        help_text=gettext_lazy("Taken from every receipt; 1 is usual"),
    )
    termination_notice_days = forms.IntegerField(
        label=gettext_lazy("Notice of termination, in days"), initial=30, min_value=0, max_value=3650
    )

    def clean(self) -> dict[str, Any]:
        """Add the fee as a fraction of each receipt."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("fee_percent") is not None:
            cleaned["fee_rate"] = cleaned["fee_percent"] / _A_HUNDRED
        return cleaned


class PledgeForm(MoneyForm):
    """The first step of a pledge: how much, and when it was promised."""

    amount = AmountField(label=gettext_lazy("Amount"), help_text=gettext_lazy("The whole pledge, all years together"))
    announced_on = DayField(label=gettext_lazy("Announced on"))
    signed_on = DayField(label=gettext_lazy("Signed on"))
    usd_value = AmountField(
        label=gettext_lazy("Value in USD"),
        required=False,
        help_text=gettext_lazy(
            "Only if the agreement fixes it; else the operational rate of the day of signature is used"
        ),
    )

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": agreement.currency}
        if agreement.currency == rates.FUND_CURRENCY:
            del self.fields["usd_value"]

    def clean(self) -> dict[str, Any]:
        """Turn the amounts into money."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = self.take_money("amount", self.agreement.currency)
        cleaned["usd_money"] = self.take_money("usd_value", rates.FUND_CURRENCY)
        return cleaned


class ScheduleForm(MoneyForm):
    """The second step of a pledge: when its parts fall due."""

    YEARLY, HALF_YEARLY, BY_HAND = "yearly", "half_yearly", "by_hand"

    rhythm = forms.ChoiceField(
        label=gettext_lazy("Instalments"),
        widget=forms.RadioSelect,
        initial=YEARLY,
        choices=[
            (YEARLY, gettext_lazy("Equal parts, one a year")),
            (HALF_YEARLY, gettext_lazy("Equal parts, two a year")),
            (BY_HAND, gettext_lazy("By hand")),
        ],
    )
    first_due_on = DayField(label=gettext_lazy("First part due on"), required=False)
    years = forms.IntegerField(
        label=gettext_lazy("Years"), initial=5, min_value=1, max_value=schedule.LONGEST_YEARS, required=False
    )
    by_hand = forms.CharField(
        label=gettext_lazy("Instalments by hand"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("One a line: the day it is due and the amount, such as 2026-06-30 8000000.00"),
    )

    def __init__(self, *args: Any, amount: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amount = amount

    def clean(self) -> dict[str, Any]:
        """Make the schedule, or say what is the matter with it."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("rhythm") == self.BY_HAND:
            field = "by_hand"
        else:
            field = "first_due_on"
            for name in ("first_due_on", "years"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Equal parts need this. Fill it in, or write the instalments by hand."))
        if not self.errors:
            try:
                cleaned["schedule"] = self._schedule(cleaned)
                schedule.require_adds_up(self.amount, cleaned["schedule"])
            except Refusal as refusal:
                self.add_error(field, refusal.message)
        return cleaned

    def _schedule(self, cleaned: dict[str, Any]) -> Schedule:
        if cleaned["rhythm"] == self.BY_HAND:
            return [self._part(line) for line in cleaned["by_hand"].splitlines() if line.strip()]
        days = schedule.yearly if cleaned["rhythm"] == self.YEARLY else schedule.half_yearly
        return schedule.equal_parts(self.amount, days(cleaned["first_due_on"], cleaned["years"]))

    def _part(self, line: str) -> tuple[date, Money]:
        day, _gap, amount = line.strip().partition(" ")
        try:
            due_on = date.fromisoformat(day)
        except ValueError:
            raise Refusal(
                _("“%(line)s” does not begin with a day such as 2026-06-30.") % {"line": line.strip()}
            ) from None
        digits = amount.strip()
        return due_on, Money.of(digits.replace(",", "") if _GROUPED.fullmatch(digits) else digits, self.amount.currency)


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


class CheckForm(forms.Form):
    """A last look: nothing to type, only to agree to."""


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


class StopRequestForm(forms.Form):
    """A donor's request, in its own words."""

    donor = forms.ModelChoiceField(label=gettext_lazy("Donor"), queryset=Donor.objects.none())
    received_on = DayField(label=gettext_lazy("Received on"))
    text = forms.CharField(
        label=gettext_lazy("What is asked, word for word"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"].queryset = queries.donors_visible_to(actor).order_by("name")  # type: ignore[attr-defined]
