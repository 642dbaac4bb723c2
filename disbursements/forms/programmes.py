"""The shape of an organisation and of a programme with its split over the building blocks."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from disbursements.blocks import Block
from disbursements.forms.payments import DayField
from disbursements.models import Organisation
from disbursements.states import OrganisationKind


class OrganisationForm(forms.Form):
    """A new organisation."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As it stands in its own documents."))
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    channel_code = forms.CharField(
        label=_("Channel code"),
        max_length=5,
        required=False,
        help_text=_("Five digits of the creditor reporting system, such as 41307. May be left empty."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    works_through_who = forms.BooleanField(
        label=_("Works through the World Health Organization's channel"), required=False
    )


class ProgrammeForm(forms.Form):
    """A new programme; one field for each building block's percentage."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    title = forms.CharField(label=_("Title"), max_length=400)
    region = forms.CharField(
        label=_("Region"),
        max_length=200,
        help_text=_("In words, such as “eleven northern counties”. Never an address."),
    )
    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["organisation"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = organisations
        for block in Block:
            self.fields[self.name_of(block)] = forms.DecimalField(
                label=block.label,
                required=False,
                min_value=Decimal(0),
                max_value=Decimal(100),
                decimal_places=2,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "min": "0", "max": "100"}),
            )

    @staticmethod
    def name_of(block: Block) -> str:
        """Return the name of a block's field."""
        return f"share_{block.value}"

    @property
    def share_fields(self) -> list[forms.BoundField]:
        """The fields of the building blocks, in the blocks' order."""
        return [self[self.name_of(block)] for block in Block]

    @property
    def shares(self) -> dict[Block, Decimal]:
        """The percentages that were typed."""
        return {block: self.cleaned_data.get(self.name_of(block)) or Decimal(0) for block in Block}
