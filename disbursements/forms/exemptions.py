"""What people type for exemptions, shipments and goods: shape only. What may be, the operations decide."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disbursements import exemption_lists, uploads
from disbursements.exemptions import MOST_SHIPMENTS, Act, Case, RequestRoute, number_in_words
from disbursements.forms.payments import DayField
from disbursements.models import ExemptionItem
from disbursements.operations.exemptions import BODY, LetterSaid
from disbursements.states import RequestStatus
from disbursements.uploads import Upload
from trustfund.core.refusals import Unacceptable

_LONG: Final = 4000
_LIST: Final = 200_000
LIST_HINT: Final = gettext_lazy(
    "One item a line, as it is pasted from a spreadsheet or with semicolons: number; name; quantity; unit; "
    "specification; customs code."
)


def words_field(label: Any, hint: Any = "", *, rows: int = 3, required: bool = True) -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=_LONG,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class UploadField(forms.FileField):
    """A paper or a picture: read only as far as it may be large, and known by its bytes."""

    widget = forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """
        Return the file as an Upload, or nothing if none was chosen.

        :raises ValidationError: if it is too large, empty or of another kind
        """
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size is None or file.size > uploads.MOST_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Send a smaller copy."))
        try:
            return uploads.upload(file.name, file.read())
        except Unacceptable as refusal:
            raise ValidationError(refusal.message) from refusal


class ListField(forms.CharField):
    """Lines of items or parties; what cannot be read is said by its line."""

    def __init__(self, reader: Any, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}))
        super().__init__(max_length=_LIST, **options)
        self.reader = reader

    def clean(self, value: Any) -> Any:
        """
        Return what the lines say.

        :raises ValidationError: naming the line that cannot be read
        """
        try:
            return self.reader(str(super().clean(value)))
        except Unacceptable as refusal:
            raise ValidationError(refusal.message) from refusal


class RequestForm(forms.Form):
    """The case for an exemption, and the way by which it goes to the sanctions body."""

    title = forms.CharField(label=gettext_lazy("What is asked for"), max_length=200)
    nature = words_field(gettext_lazy("Nature of the assistance"))
    recipients = words_field(gettext_lazy("Who receives it, and how they are chosen"))
    need = words_field(gettext_lazy("Why an exemption is needed"))
    goods = ListField(
        exemption_lists.items_of,
        label=gettext_lazy("Goods"),
        help_text=LIST_HINT,
    )
    movement = words_field(gettext_lazy("Routes, ports and planned days"), required=False, rows=2)
    finance = words_field(gettext_lazy("Related financial transactions"), required=False, rows=2)
    safeguards = words_field(gettext_lazy("What keeps the goods from being diverted"), required=False, rows=2)
    route = forms.ChoiceField(label=gettext_lazy("It goes"), choices=RequestRoute.choices)
    via = forms.CharField(
        label=gettext_lazy("Through whom"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Left empty when it goes directly."),
    )
    is_urgent = forms.BooleanField(label=gettext_lazy("It is emergency aid that cannot wait"), required=False)
    submitted_on = DayField(label=gettext_lazy("Submitted on"))

    @property
    def case(self) -> Case:
        """The case that was typed."""
        said = self.cleaned_data
        return Case(
            nature=said["nature"],
            recipients=said["recipients"],
            need=said["need"],
            goods=exemption_lists.lines_of_items(said["goods"]),
            movement=said["movement"],
            finance=said["finance"],
            safeguards=said["safeguards"],
        )


class ChangeForm(RequestForm):
    """The case for changing an exemption."""

    act = forms.ChoiceField(
        label=gettext_lazy("What is asked for"),
        choices=[(act.value, act.label) for act in (Act.EXTENSION, Act.AMENDMENT)],
    )
    field_order = ("act", "title")


class LetterForm(forms.Form):
    """What a letter says."""

    reference = forms.CharField(label=gettext_lazy("The letter's reference"), max_length=64)
    body = forms.CharField(label=gettext_lazy("Granted by"), max_length=120, initial=BODY)
    granted_on = DayField(label=gettext_lazy("Granted on"))
    valid_from = DayField(label=gettext_lazy("Valid from"))
    valid_to = DayField(label=gettext_lazy("Valid to"))
    shipments_allowed = forms.IntegerField(
        label=gettext_lazy("Shipments allowed"), min_value=1, max_value=MOST_SHIPMENTS, initial=MOST_SHIPMENTS
    )
    items = ListField(exemption_lists.items_of, label=gettext_lazy("Items"), help_text=LIST_HINT)
    parties = ListField(
        exemption_lists.parties_of,
        label=gettext_lazy("Parties named"),
        help_text=gettext_lazy(
            "One a line: role; name; country. Roles are vendor, carrier, forwarder, recipient and bank."
        ),
    )
    paper = UploadField(label=gettext_lazy("The letter"), required=False, help_text=gettext_lazy("PDF, at most 5 MB."))
    sha256 = forms.CharField(
        label=gettext_lazy("SHA-256 of the letter"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Only when no copy of the letter is uploaded."),
    )
    public_url = forms.CharField(
        label=gettext_lazy("Where it is published"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Banks, customs and suppliers check the letter there."),
    )

    @property
    def letter(self) -> LetterSaid:
        """The letter that was typed."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "paper"}
        return LetterSaid(**said)

    @property
    def file(self) -> Upload | None:
        """The letter that was uploaded, if one was."""
        found: Upload | None = self.cleaned_data["paper"]
        return found


class EndForm(forms.Form):
    """How a request ended without a letter."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=[(one.value, one.label) for one in (RequestStatus.REFUSED, RequestStatus.WITHDRAWN)],
    )
    on = DayField(label=gettext_lazy("On"))
    answer = words_field(gettext_lazy("What was answered, or why it was taken back"))


class RevokeForm(forms.Form):
    """That a letter was taken back."""

    on = DayField(label=gettext_lazy("Revoked on"))
    because = words_field(gettext_lazy("Why, and in which letter"))


class OnForm(forms.Form):
    """A day on which something happened."""

    on = DayField(label=gettext_lazy("On"))


class AskForm(forms.Form):
    """Why the committee should let something pass, and until when it votes."""

    reason = words_field(
        gettext_lazy("Why it should pass all the same"),
        gettext_lazy("It is published with the decision."),
    )
    closes_on = DayField(label=gettext_lazy("Voting ends on"))

    @property
    def closes_at(self) -> datetime:
        """The moment at which voting ends: 16:00 UTC of the day."""
        return datetime.combine(self.cleaned_data["closes_on"], datetime.min.time(), UTC).replace(hour=16)


class QuantitiesForm(forms.Form):
    """One quantity for each item of a list; an empty one is left out."""

    def __init__(self, *args: Any, items: list[ExemptionItem], left: dict[int, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [item.number for item in items]
        for item in items:
            rest = left.get(item.number, item.quantity)
            self.fields[f"quantity_{item.number}"] = forms.DecimalField(
                label=f"{item.number}. {item.name}",
                help_text=_("%(left)s of %(listed)s %(unit)s left")
                % {
                    "left": number_in_words(rest),
                    "listed": number_in_words(item.quantity),
                    "unit": item.unit,
                },
                required=False,
                min_value=Decimal(0),
                max_digits=14,
                decimal_places=3,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "min": "0", "step": "any"}),
            )

    @property
    def quantities(self) -> dict[int, Decimal]:
        """The quantities above zero that were typed, by the number of the item."""
        typed = {number: self.cleaned_data.get(f"quantity_{number}") for number in self.numbers}
        return {number: quantity for number, quantity in typed.items() if quantity}

    @property
    def quantity_fields(self) -> list[forms.BoundField]:
        """The fields of the items."""
        return [self[f"quantity_{number}"] for number in self.numbers]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The other fields, in their order."""
        return [self[name] for name in self.fields if not name.startswith("quantity_")]


class ShipmentForm(QuantitiesForm):
    """A shipment to be planned."""

    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=200)
    way = forms.CharField(
        label=gettext_lazy("Way"),
        max_length=200,
        help_text=gettext_lazy("From where to where, by which route and port."),
    )
    departs_on = DayField(label=gettext_lazy("Leaves on"))
    arrives_on = DayField(label=gettext_lazy("Expected on"))


class OutsideShipmentForm(ShipmentForm, AskForm):
    """A shipment outside its exemption, for the committee to decide on."""


class GoodsForm(QuantitiesForm):
    """What a tranche pays for."""

    vendor = forms.CharField(label=gettext_lazy("Vendor"), max_length=200)
    departs_on = DayField(label=gettext_lazy("The goods leave on"))
    arrives_on = DayField(label=gettext_lazy("They are expected on"))


class NoGoodsForm(forms.Form):
    """Why no goods are in scope."""

    reason = words_field(
        gettext_lazy("Why no goods are in scope"), gettext_lazy("Such as: salaries and training only.")
    )
