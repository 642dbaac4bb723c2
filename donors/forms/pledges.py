"""The shape of what is signed and promised."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import rates, schedule
from donors.conditions import Approval, Counts, Matching
from donors.forms.fields import AmountField, CurrencyField, DayField, MoneyForm, plain_digits
from donors.models import Agreement, Pledge
from donors.operations import Term
from donors.schedule import Schedule
from donors.terms import LONGEST_WORDS
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal


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

    words = forms.CharField(
        label=gettext_lazy("What the donor said, word for word"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Read for earmarks. A promise is tied to nothing."),
    )
    # It counts only when what others give, or somebody's approval, makes it so.
    gives = forms.IntegerField(label=gettext_lazy("The donor gives"), required=False, min_value=1)
    for_every = forms.IntegerField(label=gettext_lazy("For every so much of others"), required=False, min_value=1)
    cap_usd = AmountField(label=gettext_lazy("At most, in USD"), required=False)
    counts = forms.ChoiceField(
        label=gettext_lazy("Of others counts"),
        required=False,
        choices=[
            (Counts.RECEIPTS.value, gettext_lazy("Money received")),
            (Counts.SIGNED.value, gettext_lazy("Signed pledges")),
        ],
    )
    since = DayField(label=gettext_lazy("Since"), required=False)
    approver = forms.CharField(label=gettext_lazy("Who approves"), required=False, max_length=160)
    by_when = DayField(label=gettext_lazy("By"), required=False)
    condition_words = forms.CharField(
        label=gettext_lazy("The condition as the agreement words it"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    CONDITIONS: Final = ("gives", "for_every", "cap_usd", "counts", "since", "approver", "by_when", "condition_words")

    def __init__(self, *args: Any, agreement: Agreement, announced: Pledge | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": agreement.currency}
        if agreement.currency == rates.FUND_CURRENCY:
            del self.fields["usd_value"]
        if announced is not None:
            # What was announced stands; only the signature is new.
            for name in ("amount", "announced_on", "words", *self.CONDITIONS):
                del self.fields[name]
        self.announced = announced

    @property
    def promise_fields(self) -> list[forms.BoundField]:
        """The fields of the promise itself."""
        return [bound for bound in self if bound.name not in self.CONDITIONS]

    @property
    def condition_fields(self) -> list[forms.BoundField]:
        """The fields of what must come true first."""
        return [bound for bound in self if bound.name in self.CONDITIONS]

    def clean(self) -> dict[str, Any]:
        """Turn the amounts into money and the conditions into rules."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["usd_money"] = self.take_money("usd_value", rates.FUND_CURRENCY)
        if self.announced is not None:
            announced = {"money": self.announced.amount, "announced_on": self.announced.announced_on}
            return cleaned | announced | {"words": self.announced.words, "conditions": []}
        cleaned["money"] = self.take_money("amount", self.agreement.currency)
        cleaned["conditions"] = [*self._matching(cleaned), *self._approval(cleaned)]
        if cleaned["conditions"] and cleaned["usd_money"] is not None:
            self.add_error("usd_value", _("A conditional pledge is valued when it counts. Leave this out."))
        return cleaned

    def _matching(self, cleaned: dict[str, Any]) -> Iterator[Term]:
        names = ("gives", "for_every", "cap_usd", "since")
        if not any(cleaned.get(name) for name in names):
            return
        for name in names:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Matching needs this: proportion, most, and since when."))
        cap = self.take_money("cap_usd", rates.FUND_CURRENCY)
        if not self.errors and cap is not None:
            rule = Matching(
                matches=cleaned["gives"],
                for_every=cleaned["for_every"],
                cap=cap,
                counts=Counts(cleaned["counts"] or Counts.RECEIPTS),
                since=cleaned["since"],
            )
            yield from self._sound(Term(rule, cleaned["condition_words"]), "cap_usd")

    def _approval(self, cleaned: dict[str, Any]) -> Iterator[Term]:
        if not cleaned.get("approver") and not cleaned.get("by_when"):
            return
        for name in ("approver", "by_when"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("An approval needs this: who approves, and by when."))
        if not self.errors:
            rule = Approval(approver=cleaned["approver"], by_when=cleaned["by_when"])
            yield from self._sound(Term(rule, cleaned["condition_words"]), "approver")

    def _sound(self, term: Term, field: str) -> Iterator[Term]:
        try:
            term.rule.require_sound()
        except Refusal as refusal:
            self.add_error(field, refusal.message)
        else:
            yield term


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
        self.money = amount
        # What is typed so far, whether it adds up or not; nothing while it cannot be read.
        self.typed: Schedule = []

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
                self.typed = cleaned["schedule"] = self._schedule(cleaned)
                self.require_whole(self.typed)
            except Refusal as refusal:
                self.add_error(field, refusal.message)
        return cleaned

    def require_whole(self, parts: Schedule) -> None:
        """
        Insist that the instalments are the whole pledge.

        :raises Unacceptable: if they are not
        """
        schedule.require_adds_up(self.money, parts)

    def _schedule(self, cleaned: dict[str, Any]) -> Schedule:
        if cleaned["rhythm"] == self.BY_HAND:
            return [self._part(line) for line in cleaned["by_hand"].splitlines() if line.strip()]
        days = schedule.yearly if cleaned["rhythm"] == self.YEARLY else schedule.half_yearly
        return schedule.equal_parts(self.money, days(cleaned["first_due_on"], cleaned["years"]))

    def _part(self, line: str) -> tuple[date, Money]:
        day, _gap, amount = line.strip().partition(" ")
        try:
            due_on = date.fromisoformat(day)
        except ValueError:
            raise Refusal(
                _("“%(line)s” does not begin with a day such as 2026-06-30.") % {"line": line.strip()}
            ) from None
        return due_on, Money.of(plain_digits(amount.strip()), self.money.currency)


def parts_by_hand(parts: Schedule) -> str:
    """Return instalments as they would be typed by hand."""
    return "\n".join(f"{day.isoformat()} {part.amount}" for day, part in parts)


class CheckForm(forms.Form):
    """A last look: nothing to type, only to agree to."""


class AnnouncementForm(MoneyForm):
    """What a donor announced, before anything is signed."""

    amount = AmountField(label=gettext_lazy("Amount"), help_text=gettext_lazy("The whole pledge, all years together"))
    currency = CurrencyField(label=gettext_lazy("Currency"))
    announced_on = DayField(label=gettext_lazy("Announced on"))
    words = forms.CharField(
        label=gettext_lazy("What the donor said, word for word"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Words that tie the money to something hold the pledge for the committee."),
    )

    def clean(self) -> dict[str, Any]:
        """Turn the amount into money."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["money"] = self.take_money("amount", cleaned.get("currency", ""))
        return cleaned
