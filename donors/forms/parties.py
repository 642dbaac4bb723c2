"""The shape of who gives, who speaks for them, and what they ask."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from donors import queries
from donors.forms.fields import DayField
from donors.models import Donor, DonorKind
from trustfund.core.models import User
from trustfund.core.roles import RoleName


class DonorForm(forms.Form):
    """Who gives."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=160, help_text=gettext_lazy("As the donor signs: Republic of Valdria")
    )
    office = forms.CharField(
        label=gettext_lazy("Office that signs"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("For a state, the ministry"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=DonorKind.choices)
    country_code = forms.CharField(
        label=gettext_lazy("Country code"),
        max_length=3,
        required=False,
        help_text=gettext_lazy("Three letters (ISO 3166), if there is one"),
    )

    def clean_country_code(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["country_code"]).upper()

    def clean_kind(self) -> DonorKind:
        """Return the kind itself."""
        return DonorKind(self.cleaned_data["kind"])


class RepresentativeForm(forms.Form):
    """Who speaks for a donor: somebody with that role who speaks for none yet."""

    person = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(
            is_active=True, is_seconded=False, roles__name=RoleName.DONOR_REPRESENTATIVE, roles__ended_at=None
        ).exclude(pk__in=queries.people_who_represent())
        self.fields["person"].queryset = people.order_by("name")  # type: ignore[attr-defined]


class LanguageForm(forms.Form):
    """In which language a representative is written to."""

    language = forms.ChoiceField(label=gettext_lazy("Language of letters"), choices=settings.LETTER_LANGUAGES)


class TerminationForm(forms.Form):
    """A donor's notice that ends an agreement, in its own words."""

    received_on = DayField(label=gettext_lazy("Received on"))
    text = forms.CharField(
        label=gettext_lazy("The notice, word for word"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )


class StopRequestForm(forms.Form):
    """A donor's request, in its own words."""

    donor = forms.ModelChoiceField(label=gettext_lazy("Donor"), queryset=Donor.objects.none())
    received_on = DayField(label=gettext_lazy("Received on"))
    text = forms.CharField(
        label=gettext_lazy("What is asked, word for word"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"].queryset = queries.donors_visible_to(actor).order_by("name")  # type: ignore[attr-defined]
