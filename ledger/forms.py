"""The shape of what people ask of the books."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.queries import Search
from trustfund.core import clock
from trustfund.core.currencies import MINOR_UNITS
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class RangeForm(forms.Form):
    """From one day to another."""

    first = _day(gettext_lazy("From"))
    last = _day(gettext_lazy("To"))

    def clean(self) -> dict[str, Any]:
        """Refuse a range that ends before it begins."""
        values = super().clean() or {}
        if values.get("first") and values.get("last") and values["last"] < values["first"]:
            self.add_error("last", _("The range ends before it begins. Choose a later day."))
        return values


class SearchForm(RangeForm):
    """What an entry is looked up by; every field narrows the search, none is needed."""

    reference = forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=100)
    account = forms.CharField(
        label=gettext_lazy("Account"), required=False, max_length=60, help_text=gettext_lazy("Its code, such as 1100.")
    )
    kind = forms.CharField(
        label=gettext_lazy("Kind"), required=False, max_length=60, help_text=gettext_lazy("Such as receipt.recorded.")
    )
    amount = forms.CharField(label=gettext_lazy("Amount of a leg"), required=False, max_length=30)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), required=False, choices=[(code, code) for code in sorted(MINOR_UNITS)]
    )
    person = forms.CharField(label=gettext_lazy("Posted by"), required=False, max_length=120)

    field_order = ("reference", "account", "first", "last", "amount", "currency", "kind", "person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].initial = settings.FUND_CURRENCY

    def clean(self) -> dict[str, Any]:
        """Read the amount in its currency."""
        values = super().clean()
        if values.get("amount"):
            try:
                amount = values["amount"].replace(",", "").strip()
                values["money"] = Money.of(amount, values.get("currency") or settings.FUND_CURRENCY)
            except Refusal as refusal:
                self.add_error("amount", refusal.message)
        return values

    @property
    def search(self) -> Search:
        """What was asked for; nothing narrows it while the form is unanswered or wrong."""
        if not self.is_valid():
            return Search()
        values = self.cleaned_data
        return Search(
            account=values["account"].strip(),
            first=values["first"],
            last=values["last"],
            money=values.get("money"),
            kind=values["kind"].strip(),
            reference=values["reference"].strip(),
            person=values["person"].strip(),
        )


class DayForm(forms.Form):
    """The end of a day, today's if none is given."""

    on = _day(gettext_lazy("At the end of"))


class ClosePeriodForm(forms.Form):
    """Up to which day the books are closed."""

    through = forms.DateField(
        label=gettext_lazy("Close up to and including"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["through"].initial = (clock.today().replace(day=1) - timedelta(days=1)).isoformat()


class ReopenPeriodForm(forms.Form):
    """From which day the books are open again, and which decision says so."""

    open_from = forms.DateField(label=gettext_lazy("Reopen from"), widget=forms.DateInput(attrs={"type": "date"}))
    decision = forms.CharField(
        label=gettext_lazy("Decision"), max_length=40, help_text=gettext_lazy("Its reference, such as DP-2026-014.")
    )
