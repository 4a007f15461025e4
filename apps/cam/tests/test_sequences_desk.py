"""Templates, sequences and campaigns at the desk …"""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Campaign, Lead, MessageTemplate, Sequence
from apps.cam.tests.factories import (
    LeadFactory,
    MailboxFactory,
    MessageTemplateFactory,
    OutboundEmailFactory,
    SequenceFactory,
    SequenceStepFactory,
)
from apps.cam.tests.test_admin import MOST_QUERIES, press
from apps.identity.models import User
from apps.shared.desk import list_of, page_of

pytestmark = pytest.mark.django_db


def _steps(*templates: MessageTemplate, **changes: str) -> dict[str, Any]:
    sent: dict[str, Any] = {"steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "3"}
    for place, template in enumerate((*templates, None, None, None)[:3]):
        sent[f"steps-{place}-template"] = str(template.pk) if template else ""
        sent[f"steps-{place}-wait_days"] = "0" if place == 0 else "3"
    return sent | changes


def test_keep_a_template_and_its_next_version(desk: Browser) -> None:
    page = reverse("write-template")
    wrong = desk.post(page, {"name": "Hello", "subject": "For {{ firm }}", "text": "Hi"})
    assert "unknown placeholder" in wrong.content.decode()
    desk.post(page, {"name": "Hello", "subject": "For {{ company }}", "text": "Hi\r\nthere"})
    first = MessageTemplate.objects.get()
    assert first.text == "Hi\nthere"
    again = reverse("revise-template", args=[first.pk])
    assert "For {{ company }}" in desk.get(again).content.decode()
    desk.post(again, {"subject": "For {{ company }}", "text": "Hello", "reason": "Warmer"})
    assert list(MessageTemplate.objects.newest().values_list("version", "text")) == [(2, "Hello")]
    assert "There is a newer version" in desk.get(page_of(first)).content.decode()


def test_plan_start_and_change_a_sequence(desk: Browser, campaign: Campaign) -> None:
    one, two = MessageTemplateFactory(), MessageTemplateFactory()
    page = reverse("write-sequence")
    said = {"campaign": campaign.pk, "name": "cold_outreach"}
    wrong = desk.post(page, said | _steps(one, two, **{"steps-1-wait_days": "0"}))
    assert "two messages on one day" in wrong.content.decode()
    answer = desk.post(page, said | _steps(one, two))
    first = Sequence.objects.get()
    assert answer.url == page_of(first)
    LeadFactory(campaign=campaign)
    assert "More patients for Bright Smiles" in desk.get(page_of(first)).content.decode()
    press(desk, first, "start")
    next_version = desk.get(page, {"like": first.pk}).content.decode()
    assert str(two.pk) in next_version
    desk.post(page, said | _steps(two))
    assert list(Sequence.objects.order_by("version").values_list("state", flat=True)) == ["LIVE", "DRAFT"]


def test_refuse_a_sequence_without_messages(desk: Browser, campaign: Campaign) -> None:
    answer = desk.post(reverse("write-sequence"), {"campaign": campaign.pk, "name": "cold_outreach"} | _steps())
    assert "must be from 1 to 10" in answer.content.decode()
    assert not Sequence.objects.exists()


def test_say_who_is_in_the_middle_before_a_version_changes(desk: Browser, campaign: Campaign) -> None:
    live = SequenceFactory(campaign=campaign)
    step = SequenceStepFactory(sequence=live)
    lead = LeadFactory(campaign=campaign, state="CONTACTED", sequence=live)
    OutboundEmailFactory(lead=lead, step=step, state="SENT", sent_at="2026-03-02T09:00Z")
    draft = SequenceFactory(campaign=campaign, version=2, state="DRAFT")
    dialog = desk.get(reverse("admin:cam_sequence_start_and_move", args=[draft.pk])).content.decode()
    assert "cold_outreach v1 retires; 1 of its leads wait for their next message." in dialog
    press(desk, draft, "start_and_move")
    assert Lead.objects.get().sequence == draft


def test_change_a_campaign_with_a_reason(desk: Browser, campaign: Campaign) -> None:
    page, mailbox = reverse("change-campaign", args=[campaign.pk]), MailboxFactory()
    shown = desk.get(page).context["form"]
    said = {name: shown[name].value() for name in shown.fields if name not in ("reason", "on_weekends", "mailbox")}
    assert "audit keeps it" in desk.post(page, said).content.decode()
    refused = desk.post(page, said | {"reason": "Slower", "daily_cap": "501"})
    assert "must be from 1 to 500" in refused.content.decode()
    desk.post(page, said | {"reason": "Slower", "daily_cap": "5", "mailbox": mailbox.pk})
    changed = Campaign.objects.get()
    assert (changed.daily_cap, changed.mailbox, changed.hourly_cap) == (5, mailbox, campaign.hourly_cap)


def test_halt_a_lead_and_let_it_go_on(desk: Browser, campaign: Campaign) -> None:
    lead = LeadFactory(campaign=campaign, state="CONTACTED", sequence=SequenceFactory(campaign=campaign))
    press(desk, lead, "halt_outreach", "They moved")
    assert "They moved" in desk.get(page_of(lead)).content.decode()
    assert list(desk.get(list_of(Lead, needs="halted")).context["cl"].result_list) == [lead]
    press(desk, Lead.objects.get(), "resume_outreach")
    assert Lead.objects.get().halted_because == ""


@pytest.mark.parametrize("model", [MessageTemplate, Sequence])
def test_draw_a_list_without_a_query_per_row(desk: Browser, model: type, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        SequenceStepFactory()
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.get(list_of(model))


def test_are_for_those_who_work_in_acquisition(client: Browser, reviewer: User, campaign: Campaign) -> None:
    client.force_login(reviewer)
    for page in (reverse("write-template"), reverse("write-sequence"), reverse("change-campaign", args=[campaign.pk])):
        assert client.get(page).status_code == 403
