"""The shape of a meeting: when and where, who is there, and what was said beside its motions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committee.forms.hearings import DayField, HourField
from committee.queries import Place


class MeetingForm(forms.Form):
    """When and where the committee meets."""

    place = forms.CharField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("A room, or how the committee meets from afar."),
        max_length=160,
        error_messages={"required": gettext_lazy("Say where the committee meets.")},
    )
    on = DayField(label=gettext_lazy("Day"), error_messages={"required": gettext_lazy("Choose the day.")})
    starts_at = HourField(
        label=gettext_lazy("From, in UTC"), error_messages={"required": gettext_lazy("Say when it starts.")}
    )
    ends_at = HourField(
        label=gettext_lazy("until, at the latest"), error_messages={"required": gettext_lazy("Say when it ends.")}
    )

    @property
    def times(self) -> dict[str, Any]:
        """Place and times, as the operations take them; only after `is_valid`."""
        said = self.cleaned_data
        return {
            "place": said["place"],
            "starts_at": datetime.combine(said["on"], said["starts_at"], tzinfo=UTC),
            "ends_at": datetime.combine(said["on"], said["ends_at"], tzinfo=UTC),
        }


class RequestForm(MeetingForm):
    """An emergency meeting, and what cannot wait."""

    reason = forms.CharField(
        label=gettext_lazy("What cannot wait for the next meeting?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": gettext_lazy("Say what cannot wait.")},
    )


class PostponeForm(forms.Form):
    """To when a meeting is postponed, and why."""

    on = DayField(label=gettext_lazy("New day"), error_messages={"required": gettext_lazy("Choose the day.")})
    starts_at = HourField(
        label=gettext_lazy("From, in UTC"), error_messages={"required": gettext_lazy("Say when it starts.")}
    )
    ends_at = HourField(
        label=gettext_lazy("until, at the latest"), error_messages={"required": gettext_lazy("Say when it ends.")}
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say why. The members read it.")},
    )

    @property
    def times(self) -> dict[str, datetime]:
        """The new times, as the operation takes them; only after `is_valid`."""
        said = self.cleaned_data
        return {
            "starts_at": datetime.combine(said["on"], said["starts_at"], tzinfo=UTC),
            "ends_at": datetime.combine(said["on"], said["ends_at"], tzinfo=UTC),
        }


class ItemForm(forms.Form):
    """Something that a meeting talks of beside its motions."""

    title = forms.CharField(
        label=gettext_lazy("What it is"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what it is.")},
    )
    words = forms.CharField(
        required=False,
        label=gettext_lazy("What is to be known of it"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AttendanceForm(forms.Form):
    """Who is there for each seat: the holder, the alternate, or nobody."""

    def __init__(self, *args: Any, places: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats: list[int] = []
        for place in places:
            term, number = place.sitting.term, place.sitting.seat.number
            if term is None:
                continue
            self.seats.append(number)
            self.fields[f"seat_{number}"] = forms.ChoiceField(
                required=False,
                label=_("Seat %(number)s, %(bench)s")
                % {"number": number, "bench": place.sitting.seat.bench_name.label},
                choices=[("", _("Absent")), *((str(one.pk), one.name) for one in place.sitting.people)],
                initial=str(place.person.pk) if place.person else "",
            )

    @property
    def present(self) -> dict[int, UUID | None]:
        """Who is there, by the number of the seat; only after `is_valid`."""
        return {
            number: UUID(found) if (found := self.cleaned_data[f"seat_{number}"]) else None for number in self.seats
        }


class NotesForm(forms.Form):
    """What was said beside the motions, for the minutes."""

    notes = forms.CharField(
        required=False,
        label=gettext_lazy("What was said beside the motions"),
        help_text=gettext_lazy("Printed in the minutes, after attendance and decisions."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=8000,
    )
