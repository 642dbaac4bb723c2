"""The shape of calling and of leaving alone: within how many days, and whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import permissions
from donors.forms.fields import DayField
from donors.models import Donor
from trustfund.core.models import User

MOST_DAYS = 400


class WithinForm(forms.Form):
    """How many days ahead to look."""

    within = forms.IntegerField(label=gettext_lazy("Due within how many days"), min_value=0, max_value=MOST_DAYS)


class WithdrawCallForm(forms.Form):
    """Why a call is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The donor reads it in the notice"),
    )


class QuietForm(forms.Form):
    """Whom to leave alone, until when and why: whom the actor may mean."""

    whom = forms.ChoiceField(label=gettext_lazy("Who is not reminded"))
    until = DayField(label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Leave it empty for no end"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, donor: Donor, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speaking = [one.person for one in donor.representatives.filter(ended_at=None).select_related("person")]
        self.choices = [
            (str(person.pk) if person else "", person.name if person else _("The whole donor"))
            for person in (None, *speaking)
            if permissions.may_keep_quiet(actor, donor, person)
        ]
        self.fields["whom"].choices = self.choices  # type: ignore[attr-defined]
        self.fields["whom"].required = all(value for value, _words in self.choices)

    def clean(self) -> dict[str, Any]:
        """Add the person's id, or nothing for the whole donor."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["person_id"] = cleaned.get("whom") or None
        return cleaned
