"""The shape of a request for a statement: which, as of when, and for a statement of account whose."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assurance.kinds import Kind
from donors.models import Donor


class StatementRequest(forms.Form):
    """What a person fills in to ask for a statement."""

    kind = forms.ChoiceField(label=_("Statement"))
    as_of = forms.DateField(
        label=_("Position at the end of"),
        help_text=_("Today or any earlier day, in UTC."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    donor = forms.ModelChoiceField(
        label=_("Donor"),
        queryset=Donor.objects.none(),
        required=False,
        empty_label=_("None: a statement of the fund"),
        help_text=_("Only for a statement of account."),
    )

    def __init__(self, *args: Any, kinds: list[Kind], donors: QuerySet[Donor], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, donor, day = self.fields["kind"], self.fields["donor"], self.fields["as_of"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(donor, forms.ModelChoiceField)
        kind.choices = [(str(one.value), one.label) for one in kinds if one != Kind.MONTHLY_AUDIT]
        donor.queryset = donors
        day.initial = today
        if Kind.DONOR_ACCOUNT not in kinds:
            del self.fields["donor"]
        elif Kind.SOURCES_AND_USES not in kinds:
            donor.required = True
            donor.empty_label = None
            donor.help_text = ""
