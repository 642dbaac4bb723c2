"""How a matter is put to the committee: in a meeting, without one, or by no objection; the fields for it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committee.matters import Kind
from committee.models import Meeting
from committee.operations import Hearing
from committee.rules import Rules, Way


class DayField(forms.DateField):
    """A day, asked for with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class HourField(forms.TimeField):
    """A time of day in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


def way_hints() -> dict[str, str]:
    """Return what each way of deciding means."""
    return {
        Way.MEETING.value: _("Votes are cast by who is there, once the chair opens them"),
        Way.CORRESPONDENCE.value: _("Members vote from where they are, until a day"),
        Way.NO_OBJECTION.value: _("Carried unless somebody objects; one objection sends it to a meeting"),
    }


class HearingForm(forms.Form):
    """The way in which a motion is decided, and until when or where."""

    way = forms.ChoiceField(
        label=gettext_lazy("How is it decided?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how the committee decides this.")},
    )
    closes_on = DayField(required=False, label=gettext_lazy("Without a meeting, voting ends on"))
    closes_at = HourField(required=False, label=gettext_lazy("At, in UTC"))
    meeting = forms.ChoiceField(required=False, label=gettext_lazy("In a meeting, on whose agenda"))

    def __init__(
        self, *args: Any, kind: Kind, under: Rules | None, meetings: Iterable[Meeting] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (way.value, way.label) for way in Way if under is not None and under.allows(kind, way)
        ]
        self.fields["meeting"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a meeting")),
            *((str(one.pk), f"{one.reference}, {one.starts_at:%Y-%m-%d}, {one.place}") for one in meetings),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the day where there is no meeting, and for the meeting where there is one."""
        cleaned = super().clean() or {}
        way = cleaned.get("way")
        if way == Way.CORRESPONDENCE and not (cleaned.get("closes_on") and cleaned.get("closes_at")):
            self.add_error("closes_on", _("Say when voting ends: day and time."))
        if way == Way.MEETING and not cleaned.get("meeting"):
            self.add_error("meeting", _("Choose the meeting. If there is none, call one first."))
        return cleaned

    @property
    def hearing(self) -> Hearing:
        """What was chosen; only after `is_valid`."""
        said = self.cleaned_data
        way = Way(said["way"])
        return Hearing(
            way=way,
            closes_at=datetime.combine(said["closes_on"], said["closes_at"], tzinfo=UTC)
            if way == Way.CORRESPONDENCE
            else None,
            meeting_id=said["meeting"] if way == Way.MEETING else None,
        )

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the page that is checked posts again, unseen: exactly what was typed, lists included."""
        data = self.data
        return [
            (name, value)
            for name in self.fields
            for value in (data.getlist(name) if isinstance(data, QueryDict) else [data.get(name, "")])
            if value
        ]
