"""What every page of the desk that takes something in needs."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def show_problems(form: forms.Form, problems: dict[str, str]) -> None:
    """Say what is wrong beside its field, or above them all where it is no field of the form's own."""
    for field, problem in problems.items():
        if field in form.fields:
            form.add_error(field, f"It {problem}.")
        else:
            form.add_error(None, f"{field.replace('.', ' ').replace('_', ' ').capitalize()} {problem}.")


def read_uuid(text: str) -> UUID | None:
    """Return the id that a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def desk_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a page inside the desk."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
