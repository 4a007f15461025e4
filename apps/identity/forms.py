"""Forms of the desk for people and clients."""

from typing import Any, ClassVar

from django import forms
from pydantic import TypeAdapter, ValidationError
from unfold.forms import UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget

from apps.identity import queries
from apps.identity.api.dtos import ClientDetails, TimeZoneName
from apps.identity.models import Client, User


class NewUserForm(UserCreationForm):
    """A new account: an address, and a password or none."""

    class Meta:
        model = User
        fields = ("email", "full_name", "is_staff")
        field_classes: ClassVar[dict] = {}

    def clean_email(self) -> str:
        return _free_address(self)


class UserForm(UserChangeForm):
    """An account as it is."""

    class Meta:
        model = User
        fields = (
            "email",
            "full_name",
            "time_zone",
            "password",
            "is_active",
            "is_staff",
            "is_superuser",
            "groups",
            "user_permissions",
        )
        field_classes: ClassVar[dict] = {}

    def clean_email(self) -> str:
        return _free_address(self)

    def clean_time_zone(self) -> str:
        try:
            return TypeAdapter(TimeZoneName).validate_python(self.cleaned_data["time_zone"])
        except ValidationError as refusal:
            raise forms.ValidationError(refusal.errors()[0]["msg"]) from refusal


def _free_address(form: forms.ModelForm) -> str:
    # People log in by it, in whatever letter case they type.
    email = form.cleaned_data["email"].lower()
    if User.objects.filter(email=email).exclude(pk=form.instance.pk).exists():
        raise forms.ValidationError("Another account has this address.")
    return email


class ClientForm(forms.ModelForm):
    """A client; checks what the contract's details check, so that both doors refuse the same."""

    class Meta:
        model = Client
        fields = (
            "name",
            "status",
            "contact_email",
            "account_manager",
            "country",
            "currency",
            "time_zone",
            "contract_start_date",
            "contract_end_date",
            "contract_value",
            "strict_qc",
            "included_revision_rounds",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        details = {name: cleaned.get(name, "") for name in ClientDetails.model_fields}
        try:
            ClientDetails(**details)
        except ValidationError as refusal:
            for problem in refusal.errors():
                if (field := str(problem["loc"][0])) not in self.errors:
                    self.add_error(field, problem["msg"])
        return cleaned

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        known = queries.find_client_named(name)
        if known is not None and known.pk != self.instance.pk:
            raise forms.ValidationError("A client of this name exists.")
        return name


class AssignForm(forms.Form):
    """Names the colleague who is to see to a row; the view fills in who may."""

    person = forms.ModelChoiceField(User.objects.none(), widget=UnfoldAdminSelectWidget, label="Whose it is")
