"""The shape of what people send about the bank. What it may mean is for the operations to say."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bank.readers import MOST_BYTES
from trustfund.core.currencies import MINOR_UNITS


class FileForm(forms.Form):
    """A file of the bank."""

    file = forms.FileField(
        label=gettext_lazy("File of the bank"),
        help_text=gettext_lazy("camt.052, .053 or .054, MT940, or the fund's own CSV; at most 8 MB"),
    )

    def clean_file(self) -> Any:
        """Return the file, or say that it is too large before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 8 MB. Ask the bank for shorter periods."))
        return upload


class OwnAccountForm(forms.Form):
    """A bank account of the fund itself."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("Such as: Operating account")
    )
    number = forms.CharField(
        label=gettext_lazy("IBAN or account number"),
        max_length=60,
        help_text=gettext_lazy("As the bank's statements name it"),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=lambda: [(code, code) for code in sorted(MINOR_UNITS)], initial="USD"
    )
    bank_name = forms.CharField(label=gettext_lazy("Bank"), max_length=120)
    bic = forms.CharField(label=gettext_lazy("The bank's code (BIC)"), max_length=11, required=False)


class LineFilter(forms.Form):
    """Which lines are asked for."""

    ALL, WAITING, NOTICE = "", "waiting", "notice"

    state = forms.ChoiceField(
        label=gettext_lazy("Lines"),
        required=False,
        choices=[
            (ALL, gettext_lazy("All")),
            (WAITING, gettext_lazy("Only those that wait")),
            (NOTICE, gettext_lazy("Only those on no statement yet")),
        ],
    )
    words = forms.CharField(
        label=gettext_lazy("Reference, party or text"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
