"""Pause, kill and proof mode at the desk: three rows, each with a switch, and a banner while one is on."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from unfold.enums import ActionVariant

from apps.orchestration.models import ControlFlag
from apps.orchestration.queries.control import list_flags_on
from apps.orchestration.services.control import ReasonMissing, set_flag
from apps.shared.admin import NOTHING, Button, TransitionAdmin, admin_link, badge

PERMISSION = "orchestration.set_control_flag"


def flags_banner() -> SafeString | str:
    """Return what the desk says while a flag is on: which, since when, by whom and why; empty otherwise."""
    lines = [
        {
            "flag": flag,
            "effect": effect_of(flag),
            "link": admin_link("orchestration.controlflag", flag.pk, "Go to the switch"),
        }
        for flag in list_flags_on()
    ]
    return render_to_string("admin/orchestration/flags.html", {"lines": lines}) if lines else ""


def effect_of(flag: ControlFlag) -> str:
    """Say what a flag does while it is on."""
    effect = flag.get_name_display().partition(": ")[2]
    return f"{effect[:1].upper()}{effect[1:]}."


def _switch(name: ControlFlag.Name, is_on: bool) -> Callable[..., ControlFlag]:
    def switch(flag: ControlFlag, *, by: UUID, reason: str) -> ControlFlag:
        return set_flag(name, is_on=is_on, by=by, reason=reason, at=timezone.now())

    return switch


def _offered(name: ControlFlag.Name, is_on: bool) -> Callable[[ControlFlag], bool]:
    return lambda flag: flag.name == name and flag.is_on != is_on


def _button(name: ControlFlag.Name, is_on: bool) -> Button:
    label, _, effect = name.label.partition(": ")
    lifted = "What was held back goes on by itself within seconds."
    wanted = "on" if is_on else "off"
    return Button(
        name=f"switch_{name.lower()}_{wanted}",
        label=f"Switch {label.lower()} {wanted}",
        service=_switch(name, is_on),
        permission=PERMISSION,
        offered=_offered(name, is_on),
        explanation=f"For every worker, from now on: {effect}." if is_on else lifted,
        asks_reason=True,
        question="Why? Everybody at the desk will read this.",
        refusals=(ReasonMissing,),
        variant=ActionVariant.DANGER if is_on else ActionVariant.PRIMARY,
    )


@admin.register(ControlFlag)
class ControlFlagAdmin(TransitionAdmin):
    empty_says = "The site ships three: ask whoever runs it to migrate the database."
    empty_leads_to = None
    list_display = ("flag", "stands", "reason", "who", "set_at")
    list_select_related = ("set_by",)
    search_fields = ("name", "reason")
    fields = ("flag", "effect", "stands", "reason", "who", "set_at")
    buttons = tuple(_button(name, is_on) for name in ControlFlag.Name for is_on in (True, False))

    def desk_banner(self, request: HttpRequest) -> SafeString | str:
        """Return what stands above everything on the desk's first page."""
        return flags_banner()

    @admin.display(description="flag", ordering="name")
    def flag(self, flag: ControlFlag) -> str:
        return str(flag)

    @admin.display(description="what it does")
    def effect(self, flag: ControlFlag) -> str:
        return effect_of(flag)

    @admin.display(description="is", ordering="is_on")
    def stands(self, flag: ControlFlag) -> SafeString:
        return badge("ON" if flag.is_on else "OFF")

    @admin.display(description="switched by")
    def who(self, flag: ControlFlag) -> Any:
        return NOTHING if flag.set_by is None else admin_link("identity.user", flag.set_by_id, str(flag.set_by))
