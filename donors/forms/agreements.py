"""The shape of what donors sign, and of how an amendment changes the schedules under it."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import queries, rates
from donors.forms.fields import AmountField, CurrencyField, DayField
from donors.forms.pledges import ScheduleForm, parts_by_hand
from donors.models import Agreement, Instalment, Pledge
from donors.schedule import Schedule
from donors.terms import LONGEST_WORDS, USUAL_DAYS, MonthDay, Paper, Report, Terms, Wording
from trustfund.core import documents, pdf_text
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal

_A_HUNDRED: Final = 100
_LONG: Final = forms.Textarea(attrs={"rows": 4})


class AgreementForm(forms.Form):
    """What a donor signed: figures, words, days, and the document itself or its hash."""

    signed_on = DayField(label=gettext_lazy("Signed on"))
    from_year = forms.IntegerField(label=gettext_lazy("From year"), min_value=1990, max_value=2200)
    to_year = forms.IntegerField(label=gettext_lazy("To year"), min_value=1990, max_value=2200)
    currency = CurrencyField(label=gettext_lazy("Currency"))
    fee_percent = forms.DecimalField(
        label=gettext_lazy("Fee of the administrative agent, in per cent"),
        initial=Decimal("1.0"),
        min_value=0,
        max_digits=6,
        decimal_places=4,
        help_text=gettext_lazy("Taken from every receipt; 1 is usual"),
    )
    document = forms.FileField(
        label=gettext_lazy("The signed document, as PDF"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        help_text=gettext_lazy("At most 10 MB. Its words are read for earmarks."),
    )
    sha256 = forms.CharField(
        label=gettext_lazy("Or its SHA-256"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("If the donor keeps the document: 64 digits, and a summary of what it says"),
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary"), required=False, max_length=LONGEST_WORDS, widget=_LONG, strip=True
    )
    termination_clause = forms.CharField(
        label=gettext_lazy("Termination clause, word for word"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=_LONG,
        strip=True,
    )
    termination_notice_days = forms.IntegerField(
        label=gettext_lazy("Notice of termination, in days"), initial=30, min_value=0, max_value=3650
    )
    is_enforceable = forms.BooleanField(
        label=gettext_lazy("What is still to be paid can be enforced"),
        required=False,
        help_text=gettext_lazy("As the agreement says. The books treat both alike; the page says which it is."),
    )

    def __init__(self, *args: Any, amends: Agreement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amends = amends
        for report in Report:
            self.fields[report.value] = forms.CharField(
                label=report.label,
                max_length=5,
                initial=str(USUAL_DAYS[report]),
                required=False,
                help_text=_("Due every year on: month and day, such as 03-31"),
            )
        if amends is not None:
            del self.fields["currency"]

    @staticmethod
    def of(agreement: Agreement) -> dict[str, Any]:
        """Return what a version says, as it would be typed; its document is handed in anew."""
        return {
            "from_year": agreement.from_year,
            "to_year": agreement.to_year,
            "fee_percent": agreement.fee_percent,
            "summary": agreement.summary,
            "termination_clause": agreement.termination_clause,
            "termination_notice_days": agreement.termination_notice_days,
            "is_enforceable": agreement.is_enforceable,
            **{report.value: str(day) for report, day in agreement.reports.items()},
        }

    def clean_document(self) -> Paper | None:
        """Return the document with its words, read apart from everything else."""
        upload = self.cleaned_data.get("document")
        if not isinstance(upload, UploadedFile):
            return None
        if upload.size is None or upload.size > pdf_text.MOST_BYTES:
            raise forms.ValidationError(_("A document has at most 10 MB. Print it to PDF again, smaller."))
        content = upload.read()
        try:
            found = pdf_text.read(content)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from None
        return Paper(found.sha256, text=found.text, pages=found.pages, content=content)

    def clean(self) -> dict[str, Any]:
        """Make the terms of the agreement."""
        cleaned = super().clean() or self.cleaned_data
        days = self._days(cleaned)
        paper = cleaned.get("document") or self._named(cleaned.get("sha256", ""))
        if paper is None and not cleaned.get("summary") and "document" not in self.errors:
            self.add_error("summary", _("Hand in the document, or write what it says."))
        if self.errors:
            return cleaned
        cleaned["terms"] = Terms(
            signed_on=cleaned["signed_on"],
            from_year=cleaned["from_year"],
            to_year=cleaned["to_year"],
            currency=self.amends.currency if self.amends else cleaned["currency"],
            fee_rate=cleaned["fee_percent"] / _A_HUNDRED,
            termination_notice_days=cleaned["termination_notice_days"],
            wording=Wording(
                summary=cleaned["summary"],
                termination_clause=cleaned["termination_clause"],
                report_days=days,
                is_enforceable=cleaned["is_enforceable"],
                paper=paper,
            ),
        )
        return cleaned

    def _days(self, cleaned: dict[str, Any]) -> dict[Report, MonthDay]:
        days = {}
        for report in Report:
            try:
                days[report] = MonthDay.of(cleaned.get(report.value) or str(USUAL_DAYS[report]))
            except Refusal as refusal:
                self.add_error(report.value, refusal.message)
        return days

    def _named(self, sha256: str) -> Paper | None:
        if not sha256:
            return None
        try:
            return Paper(sha256.strip().lower())
        except Refusal as refusal:
            self.add_error("sha256", refusal.message)
            return None


def paper_of(sha256: str, *, is_held: bool) -> Paper | None:
    """Return a document that was handed in before, read again from where it is kept."""
    if not sha256:
        return None
    if not is_held:
        return Paper(sha256)
    content = documents.read(sha256)
    found = pdf_text.read(content)
    return Paper(found.sha256, text=found.text, pages=found.pages, content=content)


class RescheduleForm(ScheduleForm):
    """What an amendment makes of the instalments of one pledge that nothing has been paid on."""

    KEEP = "keep"

    amount = AmountField(label=gettext_lazy("All of them together"), required=False)
    added_usd = AmountField(
        label=gettext_lazy("Value of an increase in USD"),
        required=False,
        help_text=gettext_lazy("Only if the amendment fixes it; else the rate of its day of signature is used"),
    )

    field_order = ("rhythm", "amount", "first_due_on", "years", "by_hand", "added_usd")

    def __init__(
        self, *args: Any, pledge: Pledge, kept: list[Instalment], free: list[Instalment], **kwargs: Any
    ) -> None:
        super().__init__(*args, amount=Money.zero(pledge.currency), prefix=str(pledge.pk), **kwargs)
        self.pledge, self.kept, self.free = pledge, kept, free
        rhythm = self.fields["rhythm"]
        rhythm.choices = [(self.KEEP, _("As they are")), *rhythm.choices]  # type: ignore[attr-defined]
        rhythm.initial = self.KEEP
        self.fields["by_hand"].initial = parts_by_hand([(part.due_on, part.amount) for part in free])
        self.fields["first_due_on"].initial = free[0].due_on if free else None
        self.fields["years"].initial = len(free) or 1
        if pledge.currency == rates.FUND_CURRENCY:
            del self.fields["added_usd"]

    def require_whole(self, parts: Schedule) -> None:
        """Insist that what is kept and what is typed can stand together."""
        queries.require_rest(self.pledge, self.kept, parts)

    def clean(self) -> dict[str, Any]:
        """Take the total for equal parts, then make the schedule."""
        if self.cleaned_data.get("rhythm") == self.KEEP:
            return self.cleaned_data | {"schedule": None}
        if self.cleaned_data.get("rhythm") != self.BY_HAND:
            money = self.take_money("amount", self.pledge.currency)
            if money is None and "amount" not in self.errors:
                self.add_error("amount", _("Equal parts need this. Fill it in, or write the instalments by hand."))
            self.money = money or self.money
        cleaned = super().clean()
        cleaned["added"] = self.take_money("added_usd", rates.FUND_CURRENCY)
        return cleaned

    @property
    def typed_or_kept(self) -> Schedule:
        """What is still to be paid as far as it is typed, whether the whole adds up or not."""
        is_kept = getattr(self, "cleaned_data", {}).get("rhythm") == self.KEEP
        return [(part.due_on, part.amount) for part in self.free] if is_kept else self.typed

    @property
    def rest(self) -> Schedule:
        """The instalments still to be paid: those that are typed, or those that stand."""
        typed: Schedule | None = getattr(self, "cleaned_data", {}).get("schedule")
        return [(part.due_on, part.amount) for part in self.free] if typed is None else typed

    @property
    def whole(self) -> list[tuple[date, Money]]:
        """The whole schedule as it would stand, the earliest first."""
        return sorted([*((part.due_on, part.amount) for part in self.kept), *self.rest], key=lambda part: part[0])
