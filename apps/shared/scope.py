"""Whose rows a person of the staff sees: the one place that narrows every list, page and panel of the desk."""

from functools import cache
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from unfold.admin import ModelAdmin

CLIENT = "identity.client"


@cache
def path_to_client(model: type[models.Model]) -> str | None:
    """Return the lookup of the client that a row belongs to, its own or its parent's; None for rows of no client."""
    return _path(model, ())


def _path(model: type[models.Model], behind: tuple[type[models.Model], ...]) -> str | None:
    """Return the path on from a model; tables that point to each other, as a mail and its answer, are passed once."""
    if model._meta.label_lower == CLIENT:
        return "pk"
    if any(field.attname == "client_id" for field in model._meta.concrete_fields):
        return "client_id"
    parents = ((field, parent) for field, parent in _parents(model) if parent not in behind)
    ways = ((field.name, _path(parent, (*behind, model))) for field, parent in parents)
    return next((f"{name}__{further}" for name, further in ways if further), None)


def _parents(model: type[models.Model]) -> list[tuple[models.Field, type[models.Model]]]:
    """Return what a model points to inside its own module: people and clients are not its parents."""
    pointers = ((field, field.related_model) for field in model._meta.concrete_fields if field.is_relation)
    return [
        (field, parent)
        for field, parent in pointers
        if parent is not model and parent._meta.app_label == model._meta.app_label
    ]


def in_scope(rows: models.QuerySet, user: Any) -> models.QuerySet:
    """Narrow rows to those of clients that a user may see; rows that belong to no client stay."""
    path = path_to_client(rows.model)
    if path is None or user.sees_every_client:
        return rows
    return rows.filter(**{f"{path}__in": user.visible_clients().order_by().values("pk")})


class ScopedAdmin(ModelAdmin):
    """A model's pages, on which the rows of clients that a person may not see do not exist."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return in_scope(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **options: Any
    ) -> forms.ModelChoiceField | None:
        """Refuse another's client in a form as if there were none of this id."""
        field = super().formfield_for_foreignkey(db_field, request, **options)
        if field is not None:
            field.queryset = in_scope(field.queryset, request.user)
        return field
