"""What people type about organisations and programmes beside money: shape only. What may be, the operations decide."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committee.rules import Cause, Suspension
from disbursements.categories import Category
from disbursements.confidence import EvidenceKind
from disbursements.crs import CODES
from disbursements.fingerprints import People
from disbursements.forms.exemptions import UploadField, words_field
from disbursements.forms.payments import DayField
from disbursements.forms.proposals import OptionalAmountField
from disbursements.models import CompliancePaper, Indicator, Organisation, Programme, Tranche
from disbursements.operations.amendments import Terms
from disbursements.operations.results import Shown
from disbursements.score_cards import MOST_POINTS, WEIGHTS, Criterion
from disbursements.uploads import Upload
from trustfund.core.money import Money

_MOST_PEOPLE: Final = 2_000_000_000
_PAIR: Final = 2
_GROUPS: Final = (
    ("women", gettext_lazy("Women")),
    ("men", gettext_lazy("Men")),
    ("girls", gettext_lazy("Girls")),
    ("boys", gettext_lazy("Boys")),
    ("disability", gettext_lazy("Of all these, with a disability")),
)


class AssessmentForm(forms.Form):
    """What an assessment found."""

    assessor = forms.CharField(label=gettext_lazy("Who assessed it"), max_length=200)
    points = forms.IntegerField(
        label=gettext_lazy("Points"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("80 and more is low risk, 60 and more medium, anything below high."),
    )
    assessed_on = DayField(label=gettext_lazy("Assessed on"))
    valid_until = DayField(label=gettext_lazy("Valid until"))
    note = words_field(gettext_lazy("What was found"), required=False)
    paper = UploadField(label=gettext_lazy("The report"), required=False, help_text=gettext_lazy("PDF, at most 5 MB."))


class ImplementingPartnerForm(forms.Form):
    """Who carries out a part of a programme."""

    organisation = forms.ModelChoiceField(label=gettext_lazy("Organisation"), queryset=Organisation.objects.none())
    part = forms.CharField(label=gettext_lazy("What it does"), max_length=400)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["organisation"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = organisations


class PairsField(forms.CharField):
    """Lines of a key and a number with a semicolon between; which keys are known is the operation's to say."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"})

    def clean(self, value: Any) -> Any:
        """
        Return the numbers by key.

        :raises ValidationError: naming the line that cannot be read
        """
        found: dict[str, Decimal] = {}
        for place, line in enumerate(str(super().clean(value)).splitlines(), start=1):
            fields = [field.strip() for field in line.split("\t" if "\t" in line else ";")]
            if not any(fields):
                continue
            wrong = ValidationError(_("Line %(line)s is not one key and one number, each once.") % {"line": place})
            if len(fields) != _PAIR or not fields[0] or fields[0] in found:
                raise wrong
            number = fields[1].removesuffix("%").replace(",", "").strip()
            try:
                found[fields[0]] = forms.DecimalField(max_digits=18, decimal_places=3).clean(number)
            except ValidationError:
                raise wrong from None
        return found


class DescribeForm(forms.Form):
    """Under which codes a programme counts, and what kind of work it is."""

    codes = PairsField(
        label=gettext_lazy("Purpose codes"),
        help_text=gettext_lazy("One a line: code; percent. Exactly 100 together."),
        max_length=2000,
    )
    is_pandemic_preparedness = forms.BooleanField(label=gettext_lazy("It prepares for pandemics"), required=False)
    is_technology_transfer = forms.BooleanField(label=gettext_lazy("It transfers technology"), required=False)

    @staticmethod
    def known() -> list[tuple[str, str]]:
        """Return the codes that can be chosen, for the page's table."""
        return list(CODES.items())


class IndicatorForm(forms.Form):
    """What a programme will be measured by."""

    name = forms.CharField(label=gettext_lazy("What is measured"), max_length=200)
    unit = forms.CharField(label=gettext_lazy("Counted in"), max_length=40)
    baseline = forms.DecimalField(label=gettext_lazy("Baseline"), max_digits=18, decimal_places=3)
    baseline_on = DayField(label=gettext_lazy("Baseline as of"))
    targets = PairsField(
        label=gettext_lazy("Yearly targets"),
        help_text=gettext_lazy("One a line: year; where it shall stand at the end of that year."),
        max_length=2000,
    )

    def clean_targets(self) -> dict[int, Decimal]:
        """
        Return the targets by year.

        :raises ValidationError: if a year is none
        """
        typed: dict[str, Decimal] = self.cleaned_data["targets"]
        if not all(year.isascii() and year.isdigit() for year in typed):
            raise ValidationError(_("Write years in digits, such as 2027."))
        return {int(year): value for year, value in typed.items()}


class EvidenceForm(forms.Form):
    """What shows something, or that nobody was let in."""

    kind = forms.ChoiceField(label=gettext_lazy("What shows it"), choices=EvidenceKind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    place = forms.CharField(
        label=gettext_lazy("Region"), max_length=200, help_text=gettext_lazy("In words. Never an address or a point.")
    )
    observed_on = DayField(label=gettext_lazy("Seen on"))
    note = words_field(
        gettext_lazy("Note"),
        gettext_lazy("Where access was denied: by whom, to whom, and what was said."),
        required=False,
    )
    paper = UploadField(
        label=gettext_lazy("File"), required=False, help_text=gettext_lazy("PDF, JPEG or PNG, at most 5 MB.")
    )

    @property
    def shown(self) -> Shown:
        """What was typed about the evidence."""
        said = self.cleaned_data
        return Shown(EvidenceKind(said["kind"]), said["title"], said["place"], said["observed_on"], said["note"])

    @property
    def file(self) -> Upload | None:
        """The file that was uploaded, if one was."""
        found: Upload | None = self.cleaned_data["paper"]
        return found


class ResultsForm(EvidenceForm):
    """Where indicators stand, whom the programme has reached, and what shows it."""

    through = DayField(label=gettext_lazy("As of"))

    def __init__(self, *args: Any, indicators: list[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        for one in indicators:
            self.fields[f"value_{one.number}"] = forms.DecimalField(
                label=f"{one.number}. {one.name} ({one.unit})", required=False, max_digits=18, decimal_places=3
            )
        for name, label in _GROUPS:
            self.fields[name] = forms.IntegerField(label=label, required=False, min_value=0, max_value=_MOST_PEOPLE)
        self.fields["women"].help_text = _("People reached from the beginning up to that day, each counted once.")
        first = ["through", *(f"value_{one.number}" for one in indicators), *(name for name, _label in _GROUPS)]
        self.order_fields([*first, "kind", "title", "place", "observed_on", "note", "paper"])

    @property
    def values(self) -> dict[Any, Decimal]:
        """The values that were typed, by indicator."""
        typed = {one.pk: self.cleaned_data.get(f"value_{one.number}") for one in self.indicators}
        return {pk: value for pk, value in typed.items() if value is not None}

    @property
    def people(self) -> People | None:
        """Whom the programme has reached, if any group was typed."""
        typed = {name: self.cleaned_data.get(name) for name, _label in _GROUPS}
        if all(value is None for value in typed.values()):
            return None
        return People(**{name: value or 0 for name, value in typed.items()})


class SuspendForm(forms.Form):
    """The case for suspending a programme."""

    cause = forms.ChoiceField(label=gettext_lazy("Cause"))
    evidence = words_field(gettext_lazy("Evidence"), gettext_lazy("What was found, by whom and when."))
    impact = words_field(gettext_lazy("Who goes without what"), gettext_lazy("And from which day."))
    wind_down = words_field(
        gettext_lazy("Wind-down plan"), gettext_lazy("How stocks, staff and patients under treatment are seen through.")
    )
    review_on = DayField(label=gettext_lazy("Looked at again on"))
    closes_on = DayField(label=gettext_lazy("Voting ends on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cause = self.fields["cause"]
        if isinstance(cause, forms.ChoiceField):
            cause.choices = [(str(one), one.label) for one in Cause]

    @property
    def case(self) -> Suspension:
        """The case that was typed."""
        said = self.cleaned_data
        return Suspension(
            cause=Cause(said["cause"]),
            evidence=said["evidence"],
            impact=said["impact"],
            wind_down=said["wind_down"],
            review_on=said["review_on"],
        )

    @property
    def closes_at(self) -> datetime:
        """The moment at which voting ends: 16:00 UTC of the day."""
        return datetime.combine(self.cleaned_data["closes_on"], time(16), UTC)


class AmendmentForm(forms.Form):
    """What shall change of an approved proposal; what is left as it is does not."""

    reason = words_field(gettext_lazy("Why it is amended"), gettext_lazy("It is published with the decision."))
    ends_on = DayField(label=gettext_lazy("The programme ends on"))

    def __init__(self, *args: Any, tranches: list[Tranche], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tranches = tranches
        for one in tranches:
            said = {"tranche": one.reference, "title": one.title}
            self.fields[f"condition_{one.number}"] = words_field(_("%(tranche)s %(title)s: condition") % said, rows=2)
            self.fields[f"expected_on_{one.number}"] = DayField(label=_("%(tranche)s: expected on") % said)
        for category in Category:
            self.fields[f"amount_{category.value}"] = OptionalAmountField(label=category.label)
        self.fields["closes_on"] = DayField(label=_("Voting ends on"))

    @staticmethod
    def initial_of(programme: Programme, tranches: list[Tranche], budget: Mapping[Category, Money]) -> dict[str, Any]:
        """Return what the form shows at first: everything as it stands."""
        return {
            "ends_on": programme.ends_on,
            **{f"condition_{one.number}": one.condition for one in tranches},
            **{f"expected_on_{one.number}": one.expected_on for one in tranches},
            **{f"amount_{category.value}": str(money.amount) for category, money in budget.items()},
        }

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields before those of the budget."""
        return [self[name] for name in self.fields if name != "closes_on" and not name.startswith("amount_")]

    @property
    def budget_fields(self) -> list[forms.BoundField]:
        """The fields of the budget's categories."""
        return [self[f"amount_{category.value}"] for category in Category]

    @property
    def budget(self) -> dict[Category, Money]:
        """The amounts above zero that were typed, by category."""
        typed = {category: self.cleaned_data.get(f"amount_{category.value}") for category in Category}
        return {category: money for category, money in typed.items() if money}

    @property
    def terms(self) -> dict[UUID, Terms]:
        """The conditions and days that were typed, by tranche."""
        said = self.cleaned_data
        return {
            one.pk: Terms(said[f"condition_{one.number}"], said[f"expected_on_{one.number}"]) for one in self.tranches
        }

    @property
    def closes_at(self) -> datetime:
        """The moment at which voting ends: 16:00 UTC of the day."""
        return datetime.combine(self.cleaned_data["closes_on"], time(16), UTC)


class ScoreForm(forms.Form):
    """A reviewer's points."""

    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[criterion.value] = forms.IntegerField(
                label=criterion.label,
                min_value=0,
                max_value=MOST_POINTS,
                help_text=_("0 to 5; weighs %(weight)s of 100") % {"weight": WEIGHTS[criterion]},
            )
        self.fields["comment"] = words_field(_("What the points rest on"), required=False)

    @property
    def points(self) -> dict[Criterion, int]:
        """The points that were typed."""
        return {criterion: self.cleaned_data[criterion.value] for criterion in Criterion}


class ComplianceForm(forms.Form):
    """A paper of a compliance file, or why there is none."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=CompliancePaper.Kind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    paper = UploadField(label=gettext_lazy("The paper"), required=False, help_text=gettext_lazy("PDF, at most 5 MB."))
    reason = words_field(
        gettext_lazy("Why none is needed"), gettext_lazy("Only where there is no paper."), required=False, rows=2
    )
