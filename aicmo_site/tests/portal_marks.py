"""Marks in every text of a client's rows: whoever sees one where it is not theirs has found a leak."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BinaryField, CharField, Field, JSONField, Model, TextField
from django.db.utils import DatabaseError

from aicmo_site.tests.portal_world import clients_models
from apps.identity.models import Client, User

CANARY = "CANARY-"
SHORT = "CNRY"
"""For columns in which `CANARY-<table>` and a word of the text have no room."""
ANY_MARK = re.compile(rf"{CANARY}|{SHORT}")
WIDE = 40

CHOICES = "one of a closed list of ours"
KEPT: dict[str, tuple[str, ...]] = {
    CHOICES: (
        "billing_checkout.state",
        "billing_invoice.state",
        "billing_invoiceline.tax_category",
        "billing_invoice.quote_part",
        "billing_payment.method",
        "billing_quote.state",
        "billing_quotedretainer.tax_category",
        "billing_quoteletter.state",
        "billing_quoteline.tax_category",
        "billing_vendorevent.outcome",
        "billing_reversal.kind",
        "billing_reminderletter.state",
        "billing_retainer.state",
        "client_review_comment.side",
        "client_review_notice.kind",
        "client_review_notice.state",
        "client_review_review.channel",
        "client_review_review.reminder",
        "client_review_review.state",
        "client_review_revisionrequest.priority",
        "delivery_artifact.format",
        "delivery_publication.destination",
        "delivery_publication.state",
        "identity_apitoken.scopes",
        "identity_client.status",
        "identity_datarequest.kind",
        "identity_datarequest.state",
        "identity_membership.role",
        "learning_judgedsection.verdict",
        "learning_learningevent.outcome",
        "learning_lesson.family",
        "learning_lesson.state",
        "learning_lessonevidence.kind",
        "onboarding_draftattachment.media_type",
        "onboarding_intake.source",
        "onboarding_intakeattachment.media_type",
        "onboarding_intakeinvitation.state",
        "onboarding_workspace.state",
        "orchestration_eventreceipt.state",
        "orchestration_steprun.state",
        "orchestration_webhookdelivery.state",
        "orchestration_webhookendpoint.disabled_by",
        "orchestration_workflowrun.state",
        "production_draft.state",
        "qc_qcfinding.severity",
        "qc_qcfinding.status",
        "qc_qcreport.verdict",
        "reporting_metricimport.state",
        "reporting_report.state",
        "reporting_reportletter.state",
        "retention_healthscore.level",
        "retention_healthscore.level_before",
        "retention_lifecycle.stage",
        "retention_opportunity.kind",
        "retention_opportunity.state",
        "retention_play.playbook",
        "retention_play.state",
        "retention_renewal.state",
        "retention_signal.kind",
        "retention_survey.state",
        "strategy_kpi.stage",
        "strategy_strategy.state",
    ),
    "names of event types of ours, without choices, as the engine matches them": (
        "orchestration_webhookendpoint.types",
        "orchestration_workflowrun.waiting_for",
    ),
    "what a constraint of its table holds to a closed list": ("onboarding_brief.budget_cadence",),
    "the name of a chain of the audit: ours": ("observability_auditseal.chain",),
    "a standard's code of a currency, country, language or time zone: the row could not be read": (
        "billing_checkout.currency",
        "billing_billingaddress.country",
        "billing_billingaddress.language",
        "billing_creditnote.currency",
        "billing_invoice.currency",
        "billing_payment.currency",
        "billing_quote.currency",
        "billing_vendorevent.currency",
        "billing_retainer.currency",
        "identity_client.country",
        "identity_client.currency",
        "identity_client.time_zone",
        "identity_user.language",
        "identity_user.time_zone",
        "onboarding_brief.budget_currency",
        "onboarding_brief.country",
        "onboarding_brief.currency",
        "retention_opportunity.currency",
        "retention_signal.currency",
        "onboarding_brief.time_zone",
        "strategy_strategy.budget_currency",
    ),
    "by which people are let in: nobody could ask any more": ("identity_apitoken.digest", "identity_user.password"),
    "what a constraint of its table keeps empty where a client asks": ("identity_datarequest.address",),
    "what a constraint of its table keeps empty until the quote is accepted": ("billing_quote.signed_name",),
    "what a constraint of its table keeps empty beside an e-invoice": ("billing_issueddocument.plain_because",),
    "by which a decision is tied to what was shown: none could be made": ("billing_quote.sha256",),
    "where files lie: none would be found": ("delivery_package.staged_prefix",),
}
"""Columns of text that take no mark, by the reason why. Whoever adds a column adds it here, or it is marked."""
WITHOUT_MARK = {column for columns in KEPT.values() for column in columns}


def text_columns() -> dict[str, Field]:
    """Return every column of text of a client's rows, and of its people's, by `table.column`."""
    kinds = [User, *(kind for kind, _ in clients_models())]
    return {
        f"{kind._meta.db_table}.{column.name}": column
        for kind in kinds
        for column in kind._meta.concrete_fields
        if isinstance(column, CharField | TextField | JSONField | BinaryField | ArrayField)
    }


def mark(client: Client) -> list[str]:
    """Put a mark into all texts of a client's rows, its people's too; return the columns that took none."""
    refused: set[str] = set()
    people = User.objects.filter(memberships__client=client)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # what is issued never changes, but here
    for rows in [people, *(kind._base_manager.filter(**{path: client.pk}) for kind, path in clients_models())]:
        for row in rows:
            refused.update(_mark(row))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return sorted(refused)


def _mark(row: Model) -> Iterator[str]:
    table, texts = row._meta.db_table, text_columns()
    for column in row._meta.concrete_fields:
        name = f"{table}.{column.name}"
        if name not in texts or name in WITHOUT_MARK:
            continue
        room = getattr(column, "max_length", None)
        canary = SHORT if room and room < WIDE else f"{CANARY}{table}"
        marked = _marked(getattr(row, column.attname), canary, room)
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{column.attname: marked})
        except DatabaseError:
            yield name


def _marked(value: Any, canary: str, room: int | None = None) -> Any:
    match value:
        case str():
            return f"{canary} {value}"[:room]
        case bytes() | memoryview():
            return canary.encode() + b" " + bytes(value)
        case dict():
            return {name: _marked(inner, canary) for name, inner in value.items()}
        case list():
            return [_marked(inner, canary) for inner in value]
    return value
