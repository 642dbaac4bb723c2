"""The shape of a proposal: words, budget by category, tranches, people, findings; and of its smaller steps."""

from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committee.forms import HearingForm
from disbursements.budget import Line, Part
from disbursements.categories import Category
from disbursements.fingerprints import Content, Findings, People
from disbursements.forms.payments import AmountField, DayField

PARTS: Final = 6
_MOST_PEOPLE: Final = 2_000_000_000
_GROUPS: Final = {
    "women": gettext_lazy("Women"),
    "men": gettext_lazy("Men"),
    "girls": gettext_lazy("Girls"),
    "boys": gettext_lazy("Boys"),
    "disability": gettext_lazy("Of all these, with a disability"),
}
_PRINCIPLES: Final = {
    "humanity": (gettext_lazy("Humanity"), gettext_lazy("Does it address human suffering wherever it is found?")),
    "neutrality": (gettext_lazy("Neutrality"), gettext_lazy("Does it take no side?")),
    "impartiality": (gettext_lazy("Impartiality"), gettext_lazy("Is assistance given on need alone?")),
    "independence": (
        gettext_lazy("Independence"),
        gettext_lazy("Is it autonomous from political, economic or military aims?"),
    ),
}


class OptionalAmountField(AmountField):
    """An amount in the fund's currency that may be left empty: nothing typed is nothing planned."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> Any:
        """Return the money that was typed, or None."""
        return super().clean(value) if str(value or "").strip() else None


class ProposalForm(forms.Form):
    """A proposal's version, all of it but the tranches."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=400)
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=8000,
        help_text=gettext_lazy("What the money will do, for whom, and how the fund will know."),
    )
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category in Category:
            self.fields[f"amount_{category.value}"] = OptionalAmountField(label=category.label)
            self.fields[f"narrative_{category.value}"] = forms.CharField(
                label=_("Why: %(category)s") % {"category": category.label}, max_length=2000, required=False
            )
        for name, label in _GROUPS.items():
            self.fields[name] = forms.IntegerField(
                label=label, min_value=0, max_value=_MOST_PEOPLE, required=False, initial=0
            )
        for name, (label, question) in _PRINCIPLES.items():
            self.fields[name] = forms.CharField(
                label=label,
                help_text=question,
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def budget_fields(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """For each category its number, amount and narrative."""
        return [
            (category.value, self[f"amount_{category.value}"], self[f"narrative_{category.value}"])
            for category in Category
        ]

    @property
    def people_fields(self) -> list[forms.BoundField]:
        """Women, men, girls, boys, and of them those with a disability."""
        return [self[name] for name in _GROUPS]

    @property
    def finding_fields(self) -> list[forms.BoundField]:
        """The four principles."""
        return [self[name] for name in _PRINCIPLES]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The budget lines that were typed."""
        said = getattr(self, "cleaned_data", {})
        return tuple(
            Line(category, said[f"amount_{category.value}"], said.get(f"narrative_{category.value}", ""))
            for category in Category
            if said.get(f"amount_{category.value}")
        )

    def content(self, parts: "BasePartFormSet") -> Content:
        """Return what was typed as a version's content."""
        said = self.cleaned_data
        return Content(
            title=said["title"],
            summary=said["summary"],
            lines=self.lines,
            parts=parts.parts,
            findings=Findings(**{name: said[name] for name in _PRINCIPLES}),
            people=People(**{name: said[name] or 0 for name in _GROUPS}),
        )


class PartForm(forms.Form):
    """One planned tranche; a row left empty is no tranche."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    condition = forms.CharField(
        label=gettext_lazy("Condition"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Left empty: paid on approval."),
    )
    expected_on = DayField(label=gettext_lazy("Expected on"), required=False)
    amount = OptionalAmountField(label=gettext_lazy("Amount"))

    def clean(self) -> dict[str, Any]:
        """Insist that a row is whole, or empty."""
        said = super().clean() or self.cleaned_data
        if self.is_empty:
            return said
        for name, words in (
            ("title", _("Name this tranche.")),
            ("expected_on", _("Say when this tranche is expected.")),
            ("amount", _("Say how much this tranche is.")),
        ):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, words)
        return said

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into the row."""
        return not self.errors and not any(self.cleaned_data.get(name) for name in self.fields)


class BasePartFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # generic only in the stubs
    """The planned tranches, in the order in which they are paid."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The tranches that were typed."""
        return tuple(
            Part(
                title=form.cleaned_data["title"],
                condition=form.cleaned_data["condition"],
                expected_on=form.cleaned_data["expected_on"],
                amount=form.cleaned_data["amount"],
            )
            for form in self.forms
            if not form.is_empty
        )


PartFormSet = cast(
    "type[BasePartFormSet]",
    forms.formset_factory(PartForm, formset=BasePartFormSet, extra=PARTS, max_num=PARTS, validate_max=True),
)


def initial_of(content: Content) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what the form and its tranches show at first for a version that is amended."""
    words: dict[str, Any] = {"title": content.title, "summary": content.summary}
    for line in content.lines:
        words[f"amount_{line.category.value}"] = str(line.amount.amount)
        words[f"narrative_{line.category.value}"] = line.narrative
    words |= {name: getattr(content.findings, name) for name in _PRINCIPLES}
    words |= {name: getattr(content.people, name) for name in _GROUPS}
    return words, [initial_part(part) for part in content.parts]


def initial_part(part: Part) -> dict[str, Any]:
    """Return what one row of the tranches shows at first."""
    return {
        "title": part.title,
        "condition": part.condition,
        "expected_on": part.expected_on,
        "amount": str(part.amount.amount),
    }


class TableForm(HearingForm):
    """How the committee decides on a proposal, and on which version of it."""

    number = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("It stays in the record and is read by everybody who sees the proposal."),
    )


class EvidenceForm(forms.Form):
    """What shows that a condition is met."""

    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("Which report or letter shows it, and where it is kept."),
    )


class ReserveForm(forms.Form):
    """To what the continuity reserve is raised, and why."""

    reserve = AmountField(label=gettext_lazy("The reserve shall be"))
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
