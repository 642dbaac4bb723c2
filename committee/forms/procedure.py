"""The shape of what changes the committee itself: rules of procedure, who sits, and who audits the fund."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committee.forms.hearings import DayField, HearingForm
from committee.matters import Kind
from committee.rules import NEVER_BY_SILENCE, Bench, BenchRule, Rules, Share
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

_SHARES = ((Share.MAJORITY, Share.TWO_THIRDS, Share.FOUR_FIFTHS, Share.ALL), (Share.NONE,))


def _count(label: Any, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=99, **kwargs)


class FiguresForm(forms.Form):
    """Every figure of the rules of procedure."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give these rules a title, by which people quote them.")},
    )
    quorum = _count(
        gettext_lazy("Votes needed for a quorum"),
        required=False,
        help_text=gettext_lazy("Leave it empty if every seat that may vote must vote."),
    )
    consensus_only = forms.BooleanField(
        required=False, label=gettext_lazy("Only consensus carries a motion: nobody may vote against")
    )
    approval = forms.ChoiceField(label=gettext_lazy("Without consensus, this share of the votes for or against"))
    consensus_days = _count(
        gettext_lazy("Working days to find a consensus, before which nobody is outvoted"), initial=0
    )
    sealed = forms.BooleanField(required=False, label=gettext_lazy("Votes are sealed until one has voted oneself"))
    no_objection_days = _count(gettext_lazy("Working days to object, where silence agrees"), initial=0)
    no_objection_kinds = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("What may be decided by no objection"),
        widget=forms.CheckboxSelectMultiple,
    )
    objections_may_be_lifted = forms.BooleanField(
        required=False, label=gettext_lazy("An objection may be lifted until the close")
    )
    meeting_notice_days = _count(gettext_lazy("Working days of notice for a meeting"))
    emergency_one_in = _count(
        gettext_lazy("One seat in so many calls an emergency meeting"),
        help_text=gettext_lazy("Three is a third of the seats; zero is nobody."),
    )
    emergency_notice_days = _count(gettext_lazy("Working days of notice for an emergency meeting"))
    dissent_is_public = forms.BooleanField(
        required=False, label=gettext_lazy("Reasons of dissent are public after the close, without names")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        some, none = _SHARES
        self.fields["approval"].choices = [(share.value, share.label) for share in some]  # type: ignore[attr-defined]
        self.fields["no_objection_kinds"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label) for kind in Kind if kind not in NEVER_BY_SILENCE
        ]
        for bench in Bench:
            name = bench.label.capitalize()
            self.fields[f"seats_{bench}"] = _count(_("%(bench)s: seats") % {"bench": name}, initial=0)
            self.fields[f"quorum_{bench}"] = _count(_("of them must vote"), initial=0)
            self.fields[f"approval_{bench}"] = forms.ChoiceField(
                label=_("of them must approve"), choices=[(share.value, share.label) for share in (*none, *some)]
            )

    def clean(self) -> dict[str, Any]:
        """Let rules that cannot be met be said no to, with the rule's own words."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.rules.require_sense()
            except Unacceptable as refusal:
                self.add_error(None, refusal.message)
        return cleaned

    @property
    def rules(self) -> Rules:
        """The rules as they were typed; only when every field is."""
        said = self.cleaned_data
        names = ("sealed", "consensus_days", "no_objection_days", "objections_may_be_lifted", "meeting_notice_days")
        more = ("emergency_one_in", "emergency_notice_days", "dissent_is_public")
        return Rules(
            benches=tuple(
                BenchRule(bench, said[f"seats_{bench}"], said[f"quorum_{bench}"], Share(said[f"approval_{bench}"]))
                for bench in Bench
                if said[f"seats_{bench}"]
            ),
            quorum=said["quorum"],
            consensus_only=said["consensus_only"],
            approval=Share(said["approval"]),
            no_objection_kinds=tuple(Kind(name) for name in said["no_objection_kinds"]),
            **{name: said[name] for name in (*names, *more)},
        )

    @property
    def bench_rows(self) -> list[dict[str, Any]]:
        """Each bench with its three fields, for the page."""
        return [
            {"bench": bench, "fields": [self[f"{what}_{bench}"] for what in ("seats", "quorum", "approval")]}
            for bench in Bench
        ]


def figures_of(rules: Rules, title: str) -> dict[str, Any]:
    """Return what the form shows when it begins with some rules."""
    figures: Mapping[str, Any] = rules.figures()
    benches = {
        f"{what}_{rule.bench}": value
        for rule in rules.benches
        for what, value in (("seats", rule.seats), ("quorum", rule.quorum), ("approval", rule.approval.value))
    }
    return {**{name: value for name, value in figures.items() if name != "benches"}, **benches, "title": title}


class RulesForm(FiguresForm, HearingForm):
    """New rules of procedure, why, and how the committee decides on them."""

    reason = forms.CharField(
        label=gettext_lazy("Why should the rules change?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Say why the rules should change.")},
    )


class _SeatFields(forms.Form):
    number = forms.IntegerField(label=gettext_lazy("Seat"), min_value=1, max_value=99)
    bench = forms.ChoiceField(label=gettext_lazy("Bench"))
    holder = forms.ChoiceField(label=gettext_lazy("Held by"))
    alternate = forms.ChoiceField(required=False, label=gettext_lazy("Alternate"))
    chairs = forms.BooleanField(required=False, label=gettext_lazy("Chairs the committee"))
    nominated_by = forms.CharField(required=False, label=gettext_lazy("Nominated by"), max_length=120)
    starts_on = DayField(required=False, label=gettext_lazy("Term from"))
    ends_on = DayField(required=False, label=gettext_lazy("until"))

    def __init__(
        self, *args: Any, rules: Rules | None, holders: Iterable[User], alternates: Iterable[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        benches = [rule.bench for rule in rules.benches] if rules else []
        self.fields["bench"].choices = [(bench.value, bench.label) for bench in benches]  # type: ignore[attr-defined]
        self.fields["holder"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a member")),
            *((str(one.pk), one.name) for one in holders),
        ]
        self.fields["alternate"].choices = [  # type: ignore[attr-defined]
            ("", _("Nobody")),
            *((str(one.pk), one.name) for one in alternates),
        ]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was typed, as the operations take it; only after `is_valid`."""
        said = self.cleaned_data
        return {
            "number": said["number"],
            "bench": Bench(said["bench"]),
            "holder_id": said["holder"] or None,
            "alternate_id": said["alternate"] or None,
            "chairs": said["chairs"],
            "nominated_by": said["nominated_by"],
            "starts_on": said["starts_on"],
            "ends_on": said["ends_on"],
        }


class FoundingSeatForm(_SeatFields):
    """A member who is seated at founding, by the administrator alone."""

    def clean(self) -> dict[str, Any]:
        """Ask for what a term cannot do without."""
        cleaned = super().clean() or {}
        for name, words in (
            ("nominated_by", _("Name the body that nominated this member.")),
            ("starts_on", _("Say from when the term runs.")),
            ("ends_on", _("Say until when the term runs.")),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        return cleaned


class SeatChangeForm(_SeatFields, HearingForm):
    """A change of seats, why, and how the committee decides on it."""

    vacates = forms.BooleanField(required=False, label=gettext_lazy("Let the seat fall vacant"))
    reason = forms.CharField(
        label=gettext_lazy("Why does this change?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Say why this changes.")},
    )

    def __init__(self, *args: Any, rules: Rules | None, **kwargs: Any) -> None:
        super().__init__(*args, kind=Kind.SEATS, rules=rules, under=rules, **kwargs)
        self.fields["holder"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask who shall sit there, unless nobody shall."""
        cleaned = super().clean() or {}
        if not cleaned.get("vacates") and not cleaned.get("holder"):
            self.add_error("holder", _("Choose who shall sit there, or let the seat fall vacant."))
        return cleaned

    @property
    def wanted(self) -> dict[str, Any]:
        """What was typed; nobody, if the seat shall fall vacant."""
        wanted = super().wanted
        return {**wanted, "holder_id": None, "alternate_id": None} if self.cleaned_data["vacates"] else wanted


class VacateForm(forms.Form):
    """That a seat has fallen vacant, and why."""

    number = forms.TypedChoiceField(label=gettext_lazy("Seat"), coerce=int)
    reason = forms.CharField(
        label=gettext_lazy("Why has it fallen vacant?"),
        help_text=gettext_lazy("A resignation or a death. Whom the committee itself wants off a seat, it decides."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": gettext_lazy("Say why the seat has fallen vacant.")},
    )

    def __init__(self, *args: Any, seats: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [(number, f"{number}, {name}") for number, name in seats]  # type: ignore[attr-defined]


class AuditorForm(HearingForm):
    """A firm that is proposed to audit the fund, and how the committee decides on it."""

    firm = forms.CharField(
        label=gettext_lazy("Firm"), max_length=160, error_messages={"required": gettext_lazy("Name the firm.")}
    )
    registration = forms.CharField(
        label=gettext_lazy("Licensed to audit"),
        help_text=gettext_lazy("Where, and under which number."),
        max_length=160,
        error_messages={"required": gettext_lazy("Say where the firm is licensed, and under which number.")},
    )
    starts_on = DayField(
        label=gettext_lazy("Term from"), error_messages={"required": gettext_lazy("Say from when the term runs.")}
    )
    ends_on = DayField(
        label=gettext_lazy("until"), error_messages={"required": gettext_lazy("Say until when the term runs.")}
    )
    fee = forms.DecimalField(
        max_digits=15,
        min_value=0,
        error_messages={"required": gettext_lazy("Enter the fee for the whole term.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("How was the firm chosen?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Say how the firm was chosen.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, kind=Kind.AUDITOR, **kwargs)
        self.fields["fee"].label = _("Fee for the whole term (%(currency)s)") % {"currency": settings.FUND_CURRENCY}

    def clean(self) -> dict[str, Any]:
        """Let an amount that the fund's currency does not have be said no to."""
        cleaned = super().clean() or {}
        fee = cleaned.get("fee")
        if fee is not None:
            try:
                cleaned["money"] = Money.of(fee, settings.FUND_CURRENCY)
            except Unacceptable as refusal:
                self.add_error("fee", refusal.message)
        return cleaned

    @property
    def nomination(self) -> dict[str, Any]:
        """What was typed, as the operation takes it; only after `is_valid`."""
        said = self.cleaned_data
        names = ("firm", "registration", "starts_on", "ends_on", "reason")
        return {**{name: said[name] for name in names}, "fee": said["money"]}
