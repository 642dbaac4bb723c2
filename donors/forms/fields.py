"""The fields that forms about money share: days, currencies, and amounts as people write them."""

import re
from typing import Any, Final

from django import forms

from trustfund.core.currencies import MINOR_UNITS
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal

# Currencies in which donors pay most come first; then all that the fund knows.
_USUAL: Final = ("USD", "EUR", "GBP", "CHF", "NOK", "SEK", "DKK", "KRW", "JPY", "CAD", "AUD")
_GROUPED: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


def _currencies() -> list[tuple[str, str]]:
    codes = [*_USUAL, *(code for code in sorted(MINOR_UNITS) if code not in _USUAL)]
    return [(code, code) for code in codes]


def plain_digits(text: str) -> str:
    """Return an amount without the commas that group its thousands."""
    return text.replace(",", "") if _GROUPED.fullmatch(text) else text


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
        return plain_digits(str(super().clean(value)))


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
