"""The shape of exchange rates: one that is recorded or corrected, a published file, and what is compared."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import queries, rate_files, rates
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


class RateCorrectionForm(forms.Form):
    """What a mistyped rate should have been."""

    units_per_usd = forms.DecimalField(
        label=gettext_lazy("Right figure, units for one USD"), max_digits=20, decimal_places=8, localize=False
    )
    reason = forms.CharField(
        label=gettext_lazy("What was mistyped, and where the right figure stands"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RateFileForm(forms.Form):
    """A published file of rates."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("The UN's operational rates as XML, or the ECB's reference rates as CSV or zip"),
        widget=forms.FileInput(attrs={"accept": ".xml,.csv,.zip"}),
    )

    def clean_file(self) -> Any:
        """Return the upload, if it is no larger than a published file."""
        upload = self.cleaned_data["file"]
        if upload.size > rate_files.LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is larger than %(most)s bytes. Published rates are not.")
                % {"most": rate_files.LARGEST_FILE}
            )
        return upload


def _recorded() -> list[tuple[str, str]]:
    return [("", _("All currencies")), *((code, code) for code in queries.recorded_currencies())]


class CurrencyFilter(forms.Form):
    """Which currency to list."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=_recorded, required=False)


class CompareForm(CurrencyFilter):
    """Which rates to compare: of all currencies on a day, or of one over time."""

    on = DayField(label=gettext_lazy("In force on"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
