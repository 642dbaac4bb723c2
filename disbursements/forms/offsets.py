"""What people type when a refund is taken off a payment: shape only."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from disbursements.forms.payments import AmountField, SignForm
from disbursements.models import Tranche

_WORDS: Final = 1000
AGREE: Final = "agree"


class _TrancheField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        """Name a tranche with its programme and what it is."""
        return f"{obj.reference} {obj.title}, {obj.amount} ({obj.proposal.programme.reference})"


class OffsetForm(forms.Form):
    """How much of a refund is taken off which tranche, and why."""

    tranche = _TrancheField(
        label=_("Taken off"),
        queryset=Tranche.objects.none(),
        help_text=_("What is due to the same organisation and not yet in payment."),
    )
    amount = AmountField(label=_("Amount"), max_length=40)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("The organisation reads it, and the officer who agrees."),
        max_length=_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, tranches: QuerySet[Tranche], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tranche"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = tranches


class AnswerForm(SignForm):
    """Whether it is taken off, with a second factor; or not, and why."""

    says = forms.ChoiceField(choices=((AGREE, AGREE), ("decline", "decline")))
    note = forms.CharField(
        label=_("Why not"), max_length=_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def agrees(self) -> bool:
        """Whether it was agreed to."""
        return bool(self.cleaned_data["says"] == AGREE)
