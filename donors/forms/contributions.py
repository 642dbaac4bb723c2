"""The shape of a file of contributions that somebody brings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors.contributions import LARGEST_FILE


class ContributionFileForm(forms.Form):
    """A file as CERF publishes it, and the fee of the agreements made from it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Contributions as CERF publishes them, CSV in UTF-8"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    fee_rate = forms.DecimalField(
        label=gettext_lazy("Fee of the agreements made from it"),
        min_value=0,
        max_value=1,
        max_digits=7,
        decimal_places=6,
        initial="0",
        help_text=gettext_lazy("A fraction of every receipt: 0.01 is one per cent"),
    )

    def clean_file(self) -> Any:
        """Return the upload, if it is no larger than such a file."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is larger than %(most)s bytes. Export one year at a time.") % {"most": LARGEST_FILE}
            )
        return upload
