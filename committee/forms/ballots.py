"""The shape of what members type: a decision, why they leave the table, an interest, a second factor."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committee.rules import Choice, Principle
from trustfund.core.step_up import Proof

RECUSE = "recuse"


class DecisionForm(forms.Form):
    """How a member decides, why, and what they find on the four principles. Nothing is chosen beforehand."""

    choice = forms.ChoiceField(
        label=gettext_lazy("How do you decide?"),
        widget=forms.RadioSelect,
        choices=[
            (Choice.APPROVE.value, gettext_lazy("Approve")),
            (Choice.REJECT.value, gettext_lazy("Reject")),
            (Choice.ABSTAIN.value, gettext_lazy("Abstain")),
            (RECUSE, gettext_lazy("Recuse myself")),
        ],
        error_messages={"required": gettext_lazy("Choose how you decide.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the permanent record and read by the other members."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Enter your reason.")},
    )
    declaration = forms.BooleanField(
        required=False,
        label=gettext_lazy("I have read this version and have no undisclosed interest in who would gain."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    nonce = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, is_silent: bool = False, **kwargs: Any) -> None:
        """Ask for a vote or, where silence agrees, whether the member objects."""
        super().__init__(*args, **kwargs)
        if is_silent:
            self.fields["choice"].label = _("Do you object?")
            self.fields["choice"].choices = [  # type: ignore[attr-defined]
                (Choice.REJECT.value, _("I object")),
                (Choice.APPROVE.value, _("I do not object")),
                (RECUSE, _("Recuse myself")),
            ]
        for principle in Principle:
            self.fields[f"satisfied_{principle}"] = forms.BooleanField(required=False, label=_("I am satisfied"))
            self.fields[f"why_{principle}"] = forms.CharField(
                required=False, max_length=1000, label=_("If not, why: %(name)s") % {"name": principle.label.lower()}
            )

    def clean(self) -> dict[str, Any]:
        """Ask a vote, but not a recusal, for the declaration and an answer on each principle."""
        cleaned = super().clean() or {}
        if not cleaned.get("choice") or self.is_recusal:
            return cleaned
        if not cleaned.get("declaration"):
            self.add_error("declaration", _("Tick this, or recuse yourself."))
        for principle in Principle:
            if not cleaned.get(f"satisfied_{principle}") and not str(cleaned.get(f"why_{principle}") or "").strip():
                self.add_error(
                    f"why_{principle}",
                    _("%(name)s: tick it, or say why you are not satisfied.") % {"name": principle.label},
                )
        return cleaned

    @property
    def is_recusal(self) -> bool:
        """Whether the member leaves the table in place of voting."""
        return bool(self.cleaned_data.get("choice") == RECUSE)

    @property
    def decides(self) -> Choice:
        """What the ballot says; only after `is_valid`, and never for a recusal."""
        return Choice(self.cleaned_data["choice"])

    @property
    def declares(self) -> bool:
        """Whether the member declared that they have no undisclosed interest; only after `is_valid`."""
        return bool(self.cleaned_data.get("declaration"))

    @property
    def principles(self) -> dict[str, str]:
        """Each principle by name: empty where satisfied, else why not."""
        said = self.cleaned_data
        return {
            str(principle): ""
            if said.get(f"satisfied_{principle}")
            else str(said.get(f"why_{principle}") or "").strip()
            for principle in Principle
        }

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the check-and-confirm page posts again, unseen: exactly what was typed."""
        return [(name, str(self.data[name])) for name in self.fields if self.data.get(name)]

    @property
    def principle_rows(self) -> list[dict[str, Any]]:
        """Each principle with its two fields, for the page."""
        return [
            {"principle": principle, "satisfied": self[f"satisfied_{principle}"], "why": self[f"why_{principle}"]}
            for principle in Principle
        ]


class ProofForm(forms.Form):
    """A second factor: the six digits, or what the passkey answered."""

    code = forms.CharField(required=False, max_length=12)
    passkey = forms.CharField(required=False, max_length=20_000)

    @property
    def proof(self) -> Proof:
        """What was shown; empty if it cannot be a second factor at all."""
        if not self.is_valid():
            return Proof()
        return Proof(code=self.cleaned_data["code"], passkey=self.cleaned_data["passkey"])


class RecusalForm(forms.Form):
    """Why a member leaves the table."""

    reason = forms.CharField(
        label=gettext_lazy("What is your interest?"),
        help_text=gettext_lazy("Kept in the permanent record."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Say what your interest is.")},
    )


class InterestForm(forms.Form):
    """A party in which a member has a stake."""

    party = forms.CharField(
        label=gettext_lazy("State, employer or organisation"),
        help_text=gettext_lazy("You will leave the table whenever it would gain from a motion."),
        max_length=120,
        error_messages={"required": gettext_lazy("Name the state, employer or organisation.")},
    )


class DisclosureForm(forms.Form):
    """What others should know of a member who stays at the table."""

    words = forms.CharField(
        label=gettext_lazy("What should others know of your position?"),
        help_text=gettext_lazy("Kept in the permanent record and shown to people of the fund. You stay at the table."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Say what others should know.")},
    )
