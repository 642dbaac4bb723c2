"""The shape of a question about the position, and of the haircut of the planning view."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class AsOf(forms.Form):
    """A day that is not ahead."""

    as_of = forms.DateField(
        label=gettext_lazy("Position at the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_as_of(self) -> date:
        """Return the day asked for, or today."""
        day: date = self.cleaned_data["as_of"] or self.today
        if day > self.today:
            raise forms.ValidationError(_("The books do not look ahead. Choose today or a day before it."))
        return day


class HaircutForm(forms.Form):
    """How much of unpaid promises in other currencies the planning view leaves out, and why."""

    percent = forms.DecimalField(
        label=gettext_lazy("Haircut in per cent"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
