"""People, clients and access at the desk."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm

from apps.identity import queries, services
from apps.identity.api.dtos import ClientDetails
from apps.identity.forms import AssignForm, ClientForm, DeskLoginForm, NewMemberForm, NewUserForm, UserForm
from apps.identity.models import ApiToken, Client, Membership, User
from apps.identity.rules import LATER, DeskRow, put_off_until
from apps.shared.admin import (
    CLIENT_FILTER,
    Button,
    TransitionAdmin,
    WithButtons,
    admin_link,
    badge,
    list_link,
    words,
)
from apps.shared.desk import Need, list_of_client
from apps.shared.scope import ScopedAdmin

admin.site.unregister(Group)
admin.site.login_form = DeskLoginForm


def _has_client(model: type[models.Model]) -> bool:
    return any(field.attname == "client_id" for field in model._meta.fields)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Staff roles; `migrate` gives the shipped ones back what they are shipped with."""


@admin.register(User)
class UserAdmin(WithButtons, DjangoUserAdmin, ModelAdmin):
    buttons = (
        Button(
            name="reset_second_factor",
            label="Take second factor away",
            service=services.reset_second_factor,
            permission="identity.reset_second_factor",
            offered=lambda user: user.second_factor_at is not None,
            explanation="For somebody who lost phone and recovery codes. They log in by their password alone until "
            "they set up another, and are logged out now. Be sure that it is they who ask.",
            asks_reason=True,
        ),
    )
    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "full_name", "is_staff", "is_active", "has_second_factor", "last_login")
    list_filter = ("is_staff", "is_active", ("second_factor_at", admin.EmptyFieldListFilter), "groups")
    search_fields = ("email", "full_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "created_at", "second_factor_at")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("email", "full_name", "time_zone", "password", "second_factor_at")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Times", {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "full_name", "is_staff", "usable_password", "password1", "password2")}),
    )

    @admin.display(description="second factor", boolean=True, ordering="second_factor_at")
    def has_second_factor(self, user: User) -> bool:
        return user.second_factor_at is not None

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        save = services.change_user if change else services.add_user
        save(obj, by=request.user.pk)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        if "groups" in form.cleaned_data:
            rights = form.cleaned_data["groups"], form.cleaned_data["user_permissions"]
            services.assign_roles(form.instance, groups=rights[0], permissions=rights[1], by=request.user.pk)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if response.status_code == 302:  # Django's own page saved it: all other answers show the form again
                services.note_password_change(self.get_object(request, id).pk, by=request.user.pk)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # an account is switched off: the audit names it

    def attend(self, request: HttpRequest, row: tuple[str, UUID, UUID | None], name: str, need: Need) -> HttpResponse:
        """Do with one row of a worklist what a person wants; asked for, offer the colleagues who may act on it.

        The site has looked whether the person may; `row` is a table, an id and the client whose it is.
        """
        of_desk = DeskRow(*row)
        form = AssignForm(request.POST if "person" in request.POST else None)
        form.fields["person"].queryset = queries.colleagues_for(need.permissions, of_desk.client_id)
        if form.is_valid():
            done = _assign(of_desk, form.cleaned_data["person"], by=request.user)
        elif request.method == "POST" and "person" not in request.POST:
            done = _see_to(request.user, of_desk, request.POST.get("deed", ""))
        else:
            title = {"title": f"Assign {name}", "need": need, "form": form}
            context = {**self.admin_site.each_context(request), **title}
            return TemplateResponse(request, "admin/identity/assign.html", context)
        messages.success(request, f"{name} {done}")
        return HttpResponseRedirect(reverse("admin:index"))


def _see_to(person: User, row: DeskRow, deed: str) -> str:
    """Do it, and return what has been done."""
    if deed in LATER:
        until = put_off_until(deed, timezone.now(), person.zone)
        services.put_off(row, by=person.pk, until=until)
        return f"is put off until {timezone.localtime(until):%-d %b, %H:%M}."
    match deed:
        case "now":
            services.put_off(row, by=person.pk, until=None)
            return "is shown again."
        case "take":
            return _assign(row, person, by=person)
        case "give_back":
            services.give_back(row, by=person.pk)
            return "is nobody's again."
    return "stays as it is: the desk does not know what to do with it."


def _assign(row: DeskRow, person: User, *, by: User) -> str:
    try:
        services.assign(row, to=person.pk, by=by.pk)
    except services.TakenMeanwhile as taken:
        return f"is not assigned. {taken}"
    return "is yours now." if person == by else f"is {person}'s now."


@admin.register(Client)
class ClientAdmin(ScopedAdmin):
    empty_says = "Each comes with its first intake, or is opened by hand."
    change_form_outer_before_template = "admin/client_tabs.html"
    form = ClientForm
    list_display = ("name", "status", "country", "currency", "account_manager", "contract_end_date", "strict_qc")
    list_filter = ("status", "strict_qc", "country")
    list_select_related = ("account_manager",)
    search_fields = ("name", "slug", "contact_email")
    autocomplete_fields = ("account_manager",)
    readonly_fields = ("slug", "work", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("name", "slug", "status", "contact_email", "account_manager")}),
        ("Where it works", {"fields": ("country", "currency", "time_zone")}),
        ("Contract", {"fields": ("contract_start_date", "contract_end_date", "contract_value")}),
        ("Its work", {"fields": ("work",)}),
        ("How we work for it", {"fields": ("strict_qc", "approves_strategies", "included_revision_rounds")}),
        ("Times", {"fields": ("created_at", "updated_at")}),
    )
    add_fieldsets: ClassVar = ((None, {"fields": tuple(ClientDetails.model_fields)}),)

    def get_fieldsets(self, request: HttpRequest, obj: Client | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    @admin.display(description="")
    def work(self, client: Client) -> SafeString:
        """Link to the client's rows of every model that has a client, whichever module it belongs to."""
        links = [(self._list_of(client, model),) for model in self.admin_site._registry if _has_client(model)]
        return format_html('<nav class="desk-links">{}</nav>', format_html_join("", "{}", links))

    def _list_of(self, client: Client, model: type[models.Model]) -> SafeString:
        return list_link(list_of_client(model, client.pk), words(str(model._meta.verbose_name_plural)))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Client | None = None, **options: Any
    ) -> HttpResponse:
        """Show above the profile the tabs of the client's work, and what others have to say on how it stands."""
        told: dict[str, Any] = {"deeds": self.admin_site.deeds_about(request, obj)} if obj else {}
        tabs = self.admin_site.client_tabs(request, obj) if obj else {}
        return super().render_change_form(request, context | tabs | told, *args, obj=obj, **options)

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[Client]:
        """Return the client with this id, or those named like the term."""
        found = self.get_queryset(request)
        try:
            return found.filter(pk=UUID(term))
        except ValueError:
            return found.filter(Q(name__icontains=term) | Q(slug__icontains=term))

    def save_model(self, request: HttpRequest, obj: Client, form: forms.ModelForm, change: bool) -> None:
        if change:
            services.change_client(obj, by=request.user.pk)
            return
        details = ClientDetails(**{name: form.cleaned_data[name] for name in ClientDetails.model_fields})
        obj.pk = services.open_client(details, by=request.user.pk).pk
        obj.refresh_from_db()

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Whoever sees their own clients alone would lose a new one from sight: it has no account manager yet.
        return super().has_add_permission(request) and request.user.sees_every_client

    def has_delete_permission(self, request: HttpRequest, obj: Client | None = None) -> bool:
        return False  # a client's work and its audit outlive the contract: set the status to ENDED


def _invite(membership: Membership, *, by: UUID, reason: str = "") -> None:
    services.invite(membership, by=by, at=timezone.now())


@admin.register(Membership)
class MembershipAdmin(WithButtons, ScopedAdmin):
    empty_says = "They let people of a client approve its work."
    client_tab = "People"
    list_display = ("user", "client", "role", "created_at")
    list_filter = ("role", CLIENT_FILTER)
    list_select_related = ("user", "client")
    search_fields = ("user__email", "user__full_name", "client__name")
    autocomplete_fields = ("user", "client")
    buttons = (
        Button(
            name="invite",
            label="Invite",
            service=_invite,
            permission="identity.invite_membership",
            offered=lambda membership: membership.user.is_active,
            explanation="A mail with a link to log in by goes to this person.",
            outcome=lambda result: "the mail is on its way.",
            in_bulk=True,
        ),
    )

    def get_form(
        self, request: HttpRequest, obj: Membership | None = None, change: bool = False, **options: Any
    ) -> Any:
        return super().get_form(request, obj, change, **({"form": NewMemberForm} if obj is None else {}) | options)

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        if not (email := form.cleaned_data.get("email")):
            services.grant_membership(obj, by=request.user.pk)
            return
        invited = {"email": email, "full_name": "", "role": obj.role}
        known = services.invite_member(obj.client, **invited, by=request.user.pk, at=timezone.now())
        obj.pk, obj.user = known.pk, known.user

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        services.revoke_membership(obj, by=request.user.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            services.revoke_membership(membership, by=request.user.pk)


def _revoke(token: ApiToken, *, by: UUID, reason: str) -> None:
    services.revoke_token(token, at=timezone.now(), by=by, reason=reason)


@admin.display(description="client", ordering="membership__client__name")
def _client_of_token(token: ApiToken) -> str:
    return admin_link("identity.client", token.membership.client_id, str(token.membership.client))


@admin.display(description="person", ordering="membership__user__email")
def _person_of_token(token: ApiToken) -> str:
    return admin_link("identity.membership", token.membership_id, str(token.membership.user))


@admin.register(ApiToken)
class ApiTokenAdmin(TransitionAdmin):
    """Keys of clients' own systems; the key itself is stored nowhere."""

    client_tab = "People"
    list_display = (
        "name",
        _person_of_token,
        _client_of_token,
        "begins",
        "opens",
        "state",
        "expires_at",
        "last_used_at",
    )
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("membership__user", "membership__client")
    search_fields = ("name", "hint", "membership__user__email", "membership__client__name")
    id_fields = ("pk", "membership_id", "membership__client_id", "membership__user_id")
    fieldsets = (
        (None, {"fields": ("name", _person_of_token, _client_of_token, "begins", "opens", "state")}),
        ("Times", {"fields": ("created_at", "expires_at", "last_used_at", "revoked_at")}),
    )
    buttons = (
        Button(
            name="revoke",
            label="Revoke",
            service=_revoke,
            permission="identity.revoke_apitoken",
            offered=lambda token: token.revoked_at is None,
            explanation="The key opens nothing from now on. The client's system that uses it stops working.",
            asks_reason=True,
            in_bulk=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        return super().get_queryset(request).select_related("membership__user", "membership__client")

    @admin.display(description="begins with")
    def begins(self, token: ApiToken) -> str:
        return f"{token.hint}…"

    @admin.display(description="may")
    def opens(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @admin.display(description="state")
    def state(self, token: ApiToken) -> SafeString:
        if token.revoked_at is not None:
            return badge("REVOKED")
        return badge("ACTIVE" if token.expires_at > timezone.now() else "EXPIRED")
