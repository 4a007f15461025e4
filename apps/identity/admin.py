"""People, clients and access at the desk."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm

from apps.identity import services
from apps.identity.api.dtos import ClientDetails
from apps.identity.forms import ClientForm, NewUserForm, UserForm
from apps.identity.models import Client, Membership, User
from apps.shared.admin import CLIENT_FILTER, list_link, words
from apps.shared.desk import list_of_client
from apps.shared.scope import ScopedAdmin

admin.site.unregister(Group)


def _has_client(model: type[models.Model]) -> bool:
    return any(field.attname == "client_id" for field in model._meta.fields)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Staff roles; `migrate` gives the shipped ones back what they are shipped with."""


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "full_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "full_name")
    ordering = ("email",)
    readonly_fields = ("last_login", "created_at")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("email", "full_name", "time_zone", "password")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Times", {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "full_name", "is_staff", "usable_password", "password1", "password2")}),
    )

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


@admin.register(Client)
class ClientAdmin(ScopedAdmin):
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
        """Show above the profile the tabs of the client's work."""
        tabs = self.admin_site.client_tabs(request, obj) if obj else {}
        return super().render_change_form(request, context | tabs, *args, obj=obj, **options)

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


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    client_tab = "People"
    list_display = ("user", "client", "role", "created_at")
    list_filter = ("role", CLIENT_FILTER)
    list_select_related = ("user", "client")
    search_fields = ("user__email", "user__full_name", "client__name")
    autocomplete_fields = ("user", "client")

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        services.grant_membership(obj, by=request.user.pk)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        services.revoke_membership(obj, by=request.user.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            services.revoke_membership(membership, by=request.user.pk)
