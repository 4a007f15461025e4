"""Message templates: written, and written anew. What was sent keeps the version that it was made of."""

from uuid import UUID

from django.db import IntegrityError, transaction

from apps.cam.api import events
from apps.cam.models import MessageTemplate
from apps.cam.rules.templates import TemplateRefused, check_words
from apps.shared.events import AuditNote, publish

MOST_NAME_CHARACTERS = 120


def write_template(name: str, subject: str, text: str, *, by: UUID | None) -> MessageTemplate:
    """Store the first version of a template. Raises TemplateRefused, naming every wrong field."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME_CHARACTERS:
        raise TemplateRefused({"name": f"must have from 1 to {MOST_NAME_CHARACTERS} characters"})
    return _store(name, 1, subject, text, by=by, reason="", taken="is another template's already; choose another")


def revise_template(template: MessageTemplate, subject: str, text: str, *, by: UUID, reason: str) -> MessageTemplate:
    """Store the next version of a template; sequences go on with the one that they name.

    Raises TemplateRefused, naming every wrong field, and where it is not the newest version that is revised.
    """
    if not reason.strip():
        raise TemplateRefused({"reason": "is empty; say why the words change"})
    if (template.subject, template.text) == (subject, text):
        raise TemplateRefused({"text": "is as it was; change something"})
    taken = "has been revised by somebody else meanwhile; look at the newest version"
    return _store(template.name, template.version + 1, subject, text, by=by, reason=reason, taken=taken)


def _store(
    name: str, version: int, subject: str, text: str, *, by: UUID | None, reason: str, taken: str
) -> MessageTemplate:
    check_words(subject, text)
    try:
        with transaction.atomic():
            template = MessageTemplate.objects.create(name=name, version=version, subject=subject, text=text)
            note = AuditNote(actor_id=by, reason=reason, after={"version": version, "subject": subject, "text": text})
            publish(events.TemplateWritten(aggregate_id=template.pk, template=name, version=version), note)
    except IntegrityError as refusal:
        if "template_version_once" not in str(refusal):
            raise
        raise TemplateRefused({"name": taken}) from refusal
    return template
