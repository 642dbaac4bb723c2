"""The shape of a question about the position: as of which day."""

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
