"""What people type for holds, routes, answers of banks, the reserve and the queue: shape only."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committee.forms import HearingForm
from disbursements.bank_answers import MOST_BYTES
from disbursements.forms.payments import AmountField, DayField, SignForm
from disbursements.forms.proposals import OptionalAmountField
from disbursements.holds import HoldReason
from disbursements.models import Organisation, Programme, Queueing, Route
from disbursements.route_states import RefusalReason, RouteKind, RouteStatus

_WORDS: Final = 1000
_EVIDENCE: Final = 400
_HOURS: Final = 240
_MONTHS: Final = 36
_DAYS: Final = 366


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ClosesForm(forms.Form):
    """When voting ends on what is laid before the committee."""

    closes_on = DayField(label=gettext_lazy("Voting ends on"))
    closes_time = forms.TimeField(
        label=gettext_lazy("At, in UTC"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    @property
    def closes_at(self) -> datetime:
        """The moment that was typed."""
        return datetime.combine(self.cleaned_data["closes_on"], self.cleaned_data["closes_time"], tzinfo=UTC)


class HoldForm(forms.Form):
    """What is put on hold, and why."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: the hold is on a programme"),
    )
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: the hold is on the organisation"),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Kind of case"), choices=HoldReason.choices)
    why = forms.CharField(label=gettext_lazy("What happened"), max_length=_WORDS, widget=_area())
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        max_length=_EVIDENCE,
        help_text=gettext_lazy("The letter, report or record of a call that shows it, and where it is kept."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["programme"].queryset = Programme.objects.order_by("reference")  # type: ignore[attr-defined]


class LiftForm(SignForm):
    """Why a hold is lifted, and a second factor."""

    reason = forms.CharField(label=gettext_lazy("What was found out"), max_length=_WORDS, widget=_area())


class AskForm(HearingForm):
    """Why the committee is asked about something, and how it decides."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The members read it before they vote, and it is published with the decision."),
        max_length=2000,
        widget=_area(4),
    )
    field_order: Sequence[str] = ("reason", "way", "closes_on", "closes_at", "meeting")


class DirectCostForm(AskForm):
    """A cost of the fund itself."""

    title = forms.CharField(label=gettext_lazy("What it is"), max_length=140)
    payee = forms.CharField(label=gettext_lazy("Who is paid"), max_length=140)
    amount = AmountField(label=gettext_lazy("Amount"), max_length=40)
    field_order = ("title", "payee", "amount", "reason", "way", "closes_on", "closes_at", "meeting")


class ChargeForm(SignForm):
    """By which line of the bank a cost left, and a second factor."""

    bank_reference = forms.CharField(
        label=gettext_lazy("Bank's reference"), help_text=gettext_lazy("Of the line by which it left."), max_length=64
    )
    on = DayField(label=gettext_lazy("Left the account on"))


class RouteForm(forms.Form):
    """A way by which money or goods reach a country."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=140)
    kind = forms.ChoiceField(label=gettext_lazy("What travels"), choices=RouteKind.choices)
    chain = forms.CharField(
        label=gettext_lazy("Banks that carry it"),
        max_length=400,
        help_text=gettext_lazy("In their order: the fund's bank, each correspondent, the last bank."),
        widget=_area(2),
    )
    country = forms.CharField(label=gettext_lazy("Where it ends, in words"), max_length=100)
    vendor = forms.ModelChoiceField(
        label=gettext_lazy("Who is paid offshore"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody: money travels, not goods"),
        help_text=gettext_lazy("Only where goods are bought offshore and delivered in kind."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vendor"].queryset = Organisation.objects.order_by("name")  # type: ignore[attr-defined]


class RefusalForm(forms.Form):
    """That a bank refused."""

    bank = forms.CharField(label=gettext_lazy("Bank that refused"), max_length=140)
    refused_on = DayField(label=gettext_lazy("Refused on"))
    refusal_reason = forms.ChoiceField(label=gettext_lazy("Its reason"), choices=RefusalReason.choices)
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        max_length=_EVIDENCE,
        help_text=gettext_lazy("The letter or message in which it said so, and where it is kept."),
    )
    payment_reference = forms.CharField(
        label=gettext_lazy("Payment it refused"),
        max_length=16,
        required=False,
        help_text=gettext_lazy("Its reference, if it was one. Leave it empty otherwise."),
    )


class MarkForm(forms.Form):
    """Whether a route takes payments now, and why."""

    to = forms.ChoiceField(label=gettext_lazy("The route is"), choices=())
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=_EVIDENCE)

    def __init__(self, *args: Any, states: "list[RouteStatus]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(one), one.label) for one in states]  # type: ignore[attr-defined]


class ChooseRouteForm(forms.Form):
    """Which route a tranche takes."""

    route = forms.ModelChoiceField(label=gettext_lazy("Route"), queryset=Route.objects.none())
    reason = forms.CharField(label=gettext_lazy("Why this one"), max_length=_EVIDENCE, required=False)

    def __init__(self, *args: Any, routes: "QuerySet[Route]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"].queryset = routes  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """That goods arrived."""

    delivered_on = DayField(label=gettext_lazy("Delivered on"))
    goods = forms.CharField(label=gettext_lazy("What arrived"), max_length=_EVIDENCE, widget=_area(2))
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        max_length=_EVIDENCE,
        help_text=gettext_lazy("The bill of lading or the store's receipt, and where it is kept."),
    )


class AnswerForm(forms.Form):
    """The bank's answer to an order, as a file."""

    answer = forms.FileField(
        label=gettext_lazy("The bank's answer"),
        help_text=gettext_lazy("A pain.002 file, at most one megabyte. Nothing in it is trusted before it is read."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )

    def clean_answer(self) -> bytes:
        """
        Return the bytes that were sent, never more of them than any bank's answer has.

        :raises ValidationError: if there are more
        """
        sent = self.cleaned_data["answer"]
        if sent.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than a megabyte, and no bank's answer is."))
        return bytes(sent.read(MOST_BYTES + 1))


class StatusQueryForm(forms.Form):
    """That the bank was asked, and what it said."""

    asked = forms.CharField(label=gettext_lazy("Whom you asked, and how"), max_length=140)
    said = forms.CharField(label=gettext_lazy("What the bank said"), max_length=_EVIDENCE, widget=_area(2))


class AskReserveForm(ClosesForm):
    """What the committee is asked about the continuity reserve."""

    amount = AmountField(label=gettext_lazy("Use of it"), max_length=40)
    reason = forms.CharField(label=gettext_lazy("What it is needed for"), max_length=_WORDS, widget=_area())
    refill = forms.CharField(label=gettext_lazy("How it comes back"), max_length=_WORDS, widget=_area(2))
    field_order = ("amount", "reason", "refill", "closes_on", "closes_time")


class RulesForm(forms.Form):
    """Other numbers for treasury."""

    reserve_months = forms.IntegerField(
        label=gettext_lazy("Months of approved tranches that the reserve covers"), min_value=0, max_value=_MONTHS
    )
    answer_hours = forms.IntegerField(
        label=gettext_lazy("Hours after which a bank counts as silent"), min_value=1, max_value=_HOURS
    )
    payee_limit = OptionalAmountField(
        label=gettext_lazy("Say so when one payee gets more than"),
        help_text=gettext_lazy("In the fund's currency. Empty: never."),
    )
    payee_days = forms.IntegerField(label=gettext_lazy("Within so many days"), min_value=1, max_value=_DAYS)
    reason = forms.CharField(label=gettext_lazy("Why they change"), max_length=_EVIDENCE)


class PlanForm(ClosesForm):
    """Which queued payments are paid, how much of each, and in which order."""

    reason = forms.CharField(label=gettext_lazy("Why in this order"), max_length=_WORDS, widget=_area())

    def __init__(self, *args: Any, queue: "list[Queueing]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = queue
        for place, one in enumerate(queue, start=1):
            reference = one.payment.reference
            self.fields[f"order_{place}"] = forms.IntegerField(
                label=_("Priority of %(payment)s") % {"payment": reference}, min_value=1, max_value=999, initial=place
            )
            self.fields[f"pay_{place}"] = AmountField(
                label=_("Pay of %(payment)s") % {"payment": reference}, max_length=40
            )

    @property
    def rows(self) -> list[tuple[Queueing, forms.BoundField, forms.BoundField]]:
        """Each queued payment with the fields of its priority and amount."""
        return [(one, self[f"order_{place}"], self[f"pay_{place}"]) for place, one in enumerate(self.queue, start=1)]

    @property
    def plan(self) -> dict[str, Any]:
        """What was typed, by payment."""
        said = self.cleaned_data
        return {
            "pay": {one.payment_id: said[f"pay_{place}"] for place, one in enumerate(self.queue, start=1)},
            "order": {one.payment_id: said[f"order_{place}"] for place, one in enumerate(self.queue, start=1)},
        }
