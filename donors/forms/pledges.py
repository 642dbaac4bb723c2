"""The shape of what is signed and promised."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import rates, schedule
from donors.forms.fields import AmountField, CurrencyField, DayField, MoneyForm, plain_digits
from donors.models import Agreement
from donors.schedule import Schedule
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal

_A_HUNDRED: Final = 100


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
        return due_on, Money.of(plain_digits(amount.strip()), self.amount.currency)


class CheckForm(forms.Form):
    """A last look: nothing to type, only to agree to."""
