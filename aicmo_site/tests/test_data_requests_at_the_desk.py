"""Data that somebody asks for …"""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.test_personal_data import MIA, request_of, zip_of
from apps.cam.tests.factories import LeadFactory
from apps.identity.models import DataRequest
from apps.identity.rules import ROLES
from apps.identity.tests.factories import UserFactory
from apps.observability.models import AuditEntry
from apps.orchestration.services.data_requests import serve_data_requests


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:identity_datarequest_{name}", args=args)


def test_is_asked_for_and_downloaded_at_the_desk_and_the_audit_knows(desk: Browser) -> None:
    said = {"kind": "EXPORT", "client": "", "address": MIA, "note": "By letter."}
    assert desk.post(page("add"), said).status_code == 302
    request = DataRequest.objects.get()
    zip_of(request)
    assert "Download the ZIP" in desk.get(page("change", request.pk)).content.decode()
    link = desk.get(page("link", request.pk)).url
    assert b"".join(desk.get(link).streaming_content)[:2] == b"PK"
    assert AuditEntry.objects.filter(action="ExportDownloaded", object_id=request.pk).count() == 1
    assert desk.get(page("file", request.pk, "forged:x:y")).status_code == 403
    assert MIA in desk.get(page("changelist")).content.decode()


def test_is_erased_at_the_desk_by_whoever_types_the_name(desk: Browser) -> None:
    LeadFactory(email=MIA, full_name="Mia Kade")
    request = request_of("ERASURE", address=MIA)
    serve_data_requests(at=timezone.now())
    dialog = page("confirm_erasure", request.pk)
    assert "cam.lead" in desk.get(dialog).content.decode()
    request.refresh_from_db()
    pressed = {"_form_submitted": "1", "reason": "They asked.", "seen": request.updated_at.isoformat()}
    desk.post(dialog, pressed | {"confirm": "somebody"})
    request.refresh_from_db()
    assert request.state == "READY"
    desk.post(dialog, pressed | {"confirm": MIA})
    request.refresh_from_db()
    assert request.state == "CONFIRMED"
    serve_data_requests(at=timezone.now())
    assert desk.get(page("certificate", request.pk)).json()["proof"]["columns_searched"] > 300
    assert "Download the certificate" in desk.get(page("change", request.pk)).content.decode()


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"Owner"}))
def test_is_none_of_the_business_of_other_roles(db: None, role: str) -> None:
    person = UserFactory()
    person.groups.add(Group.objects.get(name=role))
    request = request_of("EXPORT", address=MIA)
    zip_of(request)
    browser = desk_of(person)
    for name in ("change", "link", "certificate", "confirm_erasure"):
        assert browser.get(page(name, request.pk)).status_code in (403, 302), name
    assert browser.get(page("link", request.pk)).status_code == 403
