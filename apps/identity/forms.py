"""Forms of the desk for people and clients, and of the pages on which people log in."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError as Refusal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError
from unfold.forms import AuthenticationForm as DeskAuthenticationForm
from unfold.forms import UserChangeForm, UserCreationForm
from unfold.widgets import BASE_INPUT_CLASSES, UnfoldAdminEmailInputWidget, UnfoldAdminSelectWidget

from apps.identity import queries, services
from apps.identity.api.dtos import ClientDetails, TimeZoneName
from apps.identity.models import ApiToken, Client, DataRequest, Membership, User
from apps.identity.rules import comparable_address

WAITS = _("Too many tries. Wait a quarter of an hour, then try again.")
WRONG = _("Some of this is wrong: the e-mail address, the password or, if you have set one up, the code.")


class _Recognising(AuthenticationForm):
    """Asks for what a log-in takes, and lets the service judge it: counted, and the same for every kind of wrong."""

    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=40,
        strip=True,
        help_text=_("From your app, or a recovery code; empty if you have set up neither."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors:
            try:
                self.user_cache = services.recognise(
                    said["username"],
                    said["password"],
                    code=said["code"],
                    address=services.address_of(self.request),
                    at=timezone.now(),
                )
            except services.LoginWaits:
                raise Refusal(WAITS, code="waits") from None
            except services.LoginRefused:
                raise Refusal(WRONG, code="invalid_login") from None
            self.confirm_login_allowed(self.user_cache)
        return said


class DeskLoginForm(_Recognising, DeskAuthenticationForm):
    """The log-in of the desk."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs["class"] = " ".join(BASE_INPUT_CLASSES)


class LoginForm(_Recognising):
    """The log-in of the portal."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("E-mail address")
        self.fields["username"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        self.fields["password"].label = _("Password")


class LinkForm(forms.Form):
    """Asks where a link to log in by shall go."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class CodeForm(forms.Form):
    """Asks for a code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class NewPasswordForm(forms.Form):
    """Asks for a new password twice, and for the present one where `asks_old`."""

    old = forms.CharField(
        label=_("Present password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("New password, again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, user: User, data: Any = None, *, asks_old: bool, address: str) -> None:
        super().__init__(data)
        self.user, self.address = user, address
        self.fields["new"].help_text = password_validation.password_validators_help_text_html()
        if not asks_old:
            del self.fields["old"]

    def clean_old(self) -> str:
        return _own_password(self.user, self.cleaned_data["old"], self.address)

    def clean_new(self) -> str:
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "new" in said and "again" in said and said["new"] != said["again"]:
            self.add_error("again", _("The two are not the same."))
        return said


def _own_password(user: User, password: str, address: str) -> str:
    try:
        is_right = services.is_own_password(user, password, address=address, at=timezone.now())
    except services.LoginWaits:
        raise Refusal(WAITS, code="waits") from None
    if not is_right:
        raise Refusal(_("This is not your present password."), code="wrong")
    return password


class WishForDataForm(forms.Form):
    """Asks whose data is wanted and what for, and for the password where the log-in is some time ago."""

    OWN, OF_CLIENT = "own", "client"
    KINDS: ClassVar = [
        (DataRequest.Kind.EXPORT, _("Send me a copy")),
        (DataRequest.Kind.ERASURE, _("Erase it")),
    ]

    about = forms.ChoiceField(label=_("Whose data?"), widget=forms.RadioSelect, initial=OWN)
    kind = forms.ChoiceField(label=_("What shall we do?"), widget=forms.RadioSelect, choices=KINDS)
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("So that nobody else asks in your name."),
    )

    def __init__(self, user: User, client: Client | None, data: Any = None, *, asks_password: bool, address: str):
        super().__init__(data)
        self.user, self.address = user, address
        mine = (self.OWN, _("Mine: what you keep of me, %(email)s") % {"email": user.email})
        ours = [(self.OF_CLIENT, _("All of %(client)s, with its people") % {"client": client})] if client else []
        self.fields["about"].choices = [mine, *ours]
        if not asks_password:
            del self.fields["password"]

    def clean_password(self) -> str:
        return _own_password(self.user, self.cleaned_data["password"], self.address)


class TokenForm(forms.Form):
    """A wish for a token, within what one's role may do."""

    LIFETIMES: ClassVar = [(30, _("a month")), (90, _("three months")), (365, _("a year"))]
    SCOPES: ClassVar = {
        "read": _("Read"),
        "review": _("Decide and comment"),
        "intake": _("Send intakes"),
        "billing": _("Invoices"),
        "metrics": _("Send measured values"),
    }

    name = forms.CharField(label=_("What is it for?"), max_length=80)
    scopes = forms.MultipleChoiceField(label=_("What may it do?"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("How long is it good?"), choices=LIFETIMES, coerce=int, initial=90)

    def __init__(self, scopes: frozenset[str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["scopes"].choices = [(name, label) for name, label in self.SCOPES.items() if name in scopes]
        self.fields["scopes"].initial = [ApiToken.Scope.READ]


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


class NewMemberForm(forms.ModelForm):
    """Somebody who shall act for a client: a person with an account, or the address of one to be invited."""

    email = forms.EmailField(
        required=False,
        max_length=254,
        widget=UnfoldAdminEmailInputWidget,
        label="Or invite",
        help_text="An e-mail address. Who has no account gets one, and a mail with a link to log in by.",
    )

    class Meta:
        model = Membership
        fields = ("client", "user", "email", "role")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].required = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if bool(said.get("user")) == bool(said.get("email")) and not self.errors:
            raise forms.ValidationError("Choose a person, or give the address of one to invite.")
        return said


class DataRequestForm(forms.ModelForm):
    """Whose data is asked for: a client's, or a person's."""

    class Meta:
        model = DataRequest
        fields = ("kind", "client", "address", "note")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if bool(said.get("client")) == bool(said.get("address")):
            raise forms.ValidationError("Give one of the two: a client, or a person's e-mail address.")
        if not str(said.get("note", "")).strip():
            self.add_error("note", "Say how it was asked for, and how you know that it was them.")
        address = comparable_address(str(said.get("address", "")))
        about = {"kind": said.get("kind"), "client": said.get("client"), "address": address}
        if DataRequest.objects.under_way(**about).exists():
            raise forms.ValidationError("The same is asked for already, and not done yet.")
        return said
