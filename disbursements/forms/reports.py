"""What organisations and officers type about reports and closures: shape only."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from disbursements.categories import Category
from disbursements.forms.payments import AmountField, DayField
from disbursements.reporting import FINANCIAL, ReportKind
from trustfund.core.models import User
from trustfund.core.money import Money


class ReportForm(forms.Form):
    """A report: its words and, where it has figures, what was spent in each category since the start."""

    through = DayField(
        label=_("Covers the work up to and including"), help_text=_("Figures run from the programme's first day on.")
    )
    words = forms.CharField(
        label=_("What was done, and what was not"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, kind: ReportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind is not ReportKind.INTERIM:
            self.fields["through"].widget = forms.HiddenInput()
        if kind in FINANCIAL:
            for category in Category:
                self.fields[f"category_{category.value}"] = AmountField(
                    label=category.label, required=False, max_length=40
                )

    @property
    def spent(self) -> dict[Category, Money]:
        """The amounts that were typed, by category."""
        typed = {category: self.cleaned_data.get(f"category_{category.value}") for category in Category}
        return {category: money for category, money in typed.items() if money}

    @property
    def category_fields(self) -> list[Any]:
        """The fields of the categories, for the page."""
        return [self[name] for name in self.fields if name.startswith("category_")]


class ReviewForm(forms.Form):
    """What an officer says of a report."""

    note = forms.CharField(
        label=_("Note"),
        help_text=_("Needed when it goes back: what is missing."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ClosureForm(forms.Form):
    """On what grounds a programme comes nearer to its end, and who sees to the next step."""

    owner = forms.ModelChoiceField(label=_("Who sees to the next step"), queryset=User.objects.none())
    note = forms.CharField(
        label=_("On what grounds"),
        help_text=_("The letter, report or count that shows it. Kept in the record."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, owners: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = owners
