"""The shape of what is put to the committee about donors, of what shows an approval, and of the cap."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from donors.forms.fields import DayField
from donors.forms.giving_back import VotingForm

_A_HUNDRED: Final = 100


class AskForm(VotingForm):
    """Why the committee is asked, and until when it votes."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The committee reads it, and it stays in the record."),
    )

    field_order = ("reason", "closes_on", "closes_at")


class EvidenceForm(forms.Form):
    """What shows an approval, and when it was given."""

    happened_on = DayField(label=gettext_lazy("Approved on"))
    evidence = forms.CharField(
        label=gettext_lazy("What shows it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The document, its number and its day"),
    )


class SendBackForm(forms.Form):
    """Why what was shown does not show the approval."""

    reason = forms.CharField(
        label=gettext_lazy("Why it does not show it"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class BringInForm(forms.Form):
    """A last look before a conditional pledge counts: nothing to type, only to agree to."""


class CapForm(forms.Form):
    """The cap of a donor's share, in per cent of the pool."""

    percent = forms.DecimalField(
        label=gettext_lazy("Cap, in per cent of the pool"),
        min_value=Decimal("0.01"),
        max_value=_A_HUNDRED,
        max_digits=5,
        decimal_places=2,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The decision or the rule that it follows"),
    )

    def clean(self) -> dict[str, Any]:
        """Add the share of the pool."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("percent") is not None:
            cleaned["share"] = cleaned["percent"] / _A_HUNDRED
        return cleaned
