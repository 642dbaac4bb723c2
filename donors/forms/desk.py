"""The shape of what people say at the receipts desk: which pledges a line pays, and how they know."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bank.models import BankLine
from donors import queries
from donors.forms.fields import AmountField, MoneyForm
from donors.forms.money_in import LineChoice, PledgeChoice
from donors.models import Pledge
from donors.operations import Part
from trustfund.core.money import Money

ROWS: Final = 3


class SplitForm(MoneyForm):
    """What is left of a line, over one pledge or several; or several lines of one payer for one pledge."""

    def __init__(self, *args: Any, line: BankLine, others: Sequence[BankLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self.others = {str(other.pk): other for other in others}
        pledges = queries.open_pledges().filter(currency=line.currency)
        for number in range(1, ROWS + 1):
            self.fields[f"pledge_{number}"] = PledgeChoice(
                label=_("Pledge") if number == 1 else _("And pledge"), queryset=pledges, required=number == 1
            )
            self.fields[f"amount_{number}"] = AmountField(
                label=_("Amount in %(currency)s") % {"currency": line.currency}, required=number == 1
            )
        if others:
            self.fields["others"] = forms.MultipleChoiceField(
                label=_("Together with lines of the same payer"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(str(other.pk), f"{other.reference}, {other.left}") for other in others],
            )

    def clean(self) -> dict[str, Any]:
        """Turn the rows into parts of lines."""
        cleaned = super().clean() or self.cleaned_data
        parts = []
        for number in range(1, ROWS + 1):
            pledge, amount = cleaned.get(f"pledge_{number}"), self.take_money(f"amount_{number}", self.line.currency)
            if pledge is None and amount is None:
                continue
            if pledge is None or amount is None:
                self.add_error(f"pledge_{number}", _("A pledge and an amount belong together. Fill in both or none."))
                continue
            parts.append(Part(line_id=self.line.pk, pledge_id=pledge.pk, amount=amount))
        together = [self.others[key] for key in cleaned.get("others") or []]
        if together and len(parts) > 1:
            self.add_error(None, _("Lines are put together for one pledge. Choose one, or split them one by one."))
        elif together and parts:
            parts += [Part(line_id=other.pk, pledge_id=parts[0].pledge_id, amount=other.left) for other in together]
        cleaned["parts"] = parts
        return cleaned


class WordForm(MoneyForm):
    """What one person says of some money, for another to confirm."""

    pledge = PledgeChoice(label=gettext_lazy("Pledge"), queryset=Pledge.objects.none())
    amount = AmountField(label=gettext_lazy("Amount"))
    settles = AmountField(
        label=gettext_lazy("Settles of the pledge"),
        required=False,
        help_text=gettext_lazy("In the pledge's currency; only if that is not the amount itself"),
    )
    grounds = forms.CharField(
        label=gettext_lazy("How you know"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the person who confirms it, and for the record"),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["pledge"].queryset = queries.open_pledges()  # type: ignore[attr-defined]
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}

    def clean(self) -> dict[str, Any]:
        """Turn the amounts into money."""
        cleaned = super().clean() or self.cleaned_data
        pledge = cleaned.get("pledge")
        cleaned["received"] = self.take_money("amount", self.currency)
        cleaned["settled"] = self.take_money("settles", pledge.currency if pledge else "")
        return cleaned


class DeclineForm(forms.Form):
    """Why a match does not stand."""

    because = forms.CharField(label=gettext_lazy("Why not"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class LineSentBackForm(forms.Form):
    """By which debit unidentified money went back, and why."""

    line = LineChoice(label=gettext_lazy("The bank's debit"), queryset=BankLine.objects.none())
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, most: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = queries.debits_up_to(most)  # type: ignore[attr-defined]
