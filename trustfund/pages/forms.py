"""The shape of what people type on the fund's own pages: about people, and which day they ask about."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy

from trustfund.core.models import User
from trustfund.core.roles import RoleName


class InviteForm(forms.Form):
    """A new person: who they are, and a first password that is handed over in person."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, error_messages={"required": gettext_lazy("Enter the name.")}
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), error_messages={"required": gettext_lazy("Enter the e-mail address.")}
    )
    password = forms.CharField(
        label=gettext_lazy("First password"),
        help_text=gettext_lazy("At least 12 characters. Hand it over in person; they change it after signing in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        error_messages={"required": gettext_lazy("Enter a first password.")},
    )
    is_seconded = forms.BooleanField(
        required=False,
        label=gettext_lazy("Seconded by a government"),
        help_text=gettext_lazy("Seconded staff see no donors, ballots or bank details, whatever their role."),
    )

    def clean_password(self) -> str:
        """Hold the first password to the same rules as any other."""
        password = str(self.cleaned_data["password"])
        validate_password(password, User(name=str(self.data.get("name", "")), email=str(self.data.get("email", ""))))
        return password


class RoleForm(forms.Form):
    """A role to give or to end."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), error_messages={"required": gettext_lazy("Choose a role.")})

    def __init__(self, *args: Any, held: frozenset[RoleName] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("Choose a role")),
            *((role.value, role.label) for role in RoleName if role not in held),
        ]


class DescribeForm(forms.Form):
    """Whose a person is: their state and their employer."""

    state = forms.CharField(required=False, label=gettext_lazy("State"), max_length=120)
    employer = forms.CharField(
        required=False,
        label=gettext_lazy("Employer"),
        help_text=gettext_lazy("Who sits on the committee leaves the table when one of these is the donor or payee."),
        max_length=120,
    )


class DayForm(forms.Form):
    """The day that a page is asked about."""

    on = forms.DateField(
        label=gettext_lazy("At the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
