"""The shape of what people send about lists, parties and likenesses."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.models import Answer, PartyRole
from screening.names import LONGEST
from screening.readers import LARGEST_BYTES, Source


class ListForm(forms.Form):
    """A published list."""

    source = forms.ChoiceField(label=gettext_lazy("Whose list"), choices=lambda: [(s.value, s.label) for s in Source])
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("XML as its publisher gives it, 64 MB at the most."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,text/xml,application/xml"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(_("The file is larger than 64 MB. Load the list as its publisher gives it."))
        return file


class PartyForm(forms.Form):
    """Somebody through whose hands money or goods pass."""

    role = forms.ChoiceField(
        label=gettext_lazy("What they are to the payee"),
        choices=[choice for choice in PartyRole.choices if choice[0] != PartyRole.PAYEE],
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=LONGEST, help_text=gettext_lazy("As their papers write it.")
    )


class OpinionForm(forms.Form):
    """What an officer says of a likeness."""

    says = forms.ChoiceField(label=gettext_lazy("Who is it?"), choices=Answer.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("How do you know?"),
        help_text=gettext_lazy("A date of birth, a register, a passport. Kept in the record."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EndForm(forms.Form):
    """Why nothing passes through somebody's hands any more."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=400)
