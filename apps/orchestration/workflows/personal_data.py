"""What every table holds of a client or a person, and what becomes of it when they are erased. One line per table.

Read top to bottom: that is the order of an erasure, rows before those they point to. A table that is not here is
refused by a test, and so is a column of text that a table keeps and does not name. docs/decisions/0020 says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

TAX = "What an invoice says is kept for ten years (§ 147 AO, § 14b UStG, § 257 HGB)."
LETTERS = "Offers and reminders are business letters, kept for six years (§ 257 HGB)."
PROOF = "Proof that it was lawful, kept for as long as somebody may ask (Art. 5(2), 7(1), 17(3)(e) GDPR)."
SHIELD = "A keyed hash, so that an erased person is never written to again (Art. 21(3) GDPR)."


@dataclass(frozen=True)
class Delete:
    """The rows go."""


@dataclass(frozen=True)
class NeededBy:
    """Rows of other tables that are kept, and do not say themselves what stands in columns of their client."""

    rows: dict[str, Q]
    why: str
    years: int


@dataclass(frozen=True)
class Needed:
    """Columns of a client that stay after all, for the longest that any of these rows do."""

    columns: tuple[str, ...]
    by: tuple[NeededBy, ...]


@dataclass(frozen=True)
class Anonymise:
    """The rows stay, as numbers and links: these columns are emptied.

    What must not be empty, or is unique, becomes a `name` or an `address` made of the row's key. `plain` are columns of
    text that say nothing of anybody, `holds` those that stay though they may, and `why`; `unlink` is set to null.
    """

    blank: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    unlink: tuple[str, ...] = ()
    also: dict[str, Any] | None = None
    why: str = ""
    years: int = 0
    needed: Needed | None = None


@dataclass(frozen=True)
class Keep:
    """The rows stay as they are, for a reason that the certificate names with `holds`: the columns that say anything.

    Those that `only` does not take in are deleted.
    """

    why: str
    years: int
    holds: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    only: Q | None = None
    unlink: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nobody:
    """No row is about a client or a person; where one names an address all the same, that is replaced."""

    why: str


Fate = Delete | Anonymise | Keep | Nobody
DELETE = Delete()


@dataclass(frozen=True)
class Table:
    """One table: what becomes of a client's rows (`client`) and of a person's (`person`); None: it has none.

    `of_client` is the way to the client where the columns do not tell it; `user`, `lead` and `address` are those to a
    person. `says` are columns that are searched for the subject's names and addresses, `mentions` those in which an
    address makes a row of no client's a person's; `when` says which of a person's may be touched. `files` name files,
    which go with what the row says of them; `hidden` is left out of exports: it opens doors.
    """

    label: str
    client: Fate | None = None
    person: Fate | None = None
    of_client: str = ""
    user: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    when: Q = field(default_factory=Q)
    files: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def model(self) -> type[Model]:
        return _models()[self.label]


@cache
def _models() -> dict[str, type[Model]]:
    return {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}


def _nobody(why: str, *labels: str) -> Iterator[Table]:
    return (Table(label, client=Nobody(why)) for label in labels)


_ISSUED = Q(number__isnull=False)
_LETTER = Anonymise(plain=("state",))
_LEAD = Anonymise(
    blank=(
        *("full_name", "company", "title", "phone", "linkedin_url", "city", "website", "raw", "signals", "reasons"),
        *("rating", "profile_key", "phone_key", "colleague_key", "time_zone", "region", "industry"),
    ),
    names=("identity_key",),
    addresses=("email", "email_key"),
    plain=("country", "revenue_currency", "seniority", "source", "state", "grade", "route_name", "halted_because"),
)
_DEAL = Anonymise(
    names=("company",),
    addresses=("contact_email",),
    blank=("contact_name",),
    plain=("currency", "country", "time_zone", "language", "state"),
    also={"reason": "Erased."},
)
_OUT = Anonymise(
    blank=("subject", "text", "answer"),
    addresses=("to_address",),
    plain=("variant", "message_id", "unsubscribe_token", "state", "held_because"),
)
_IN = Anonymise(
    blank=(
        "from_name",
        "subject",
        "headers",
        "text",
        "html",
        "raw",
        "reason",
        "answer_note",
        "references",
        "process_error",
    ),
    names=("message_id",),
    addresses=("from_address",),
    plain=("mailbox", "provider_uid", "matched_by", "classification", "bounce", "answer"),
)
_USER = Anonymise(
    addresses=("email",),
    blank=("full_name", "language"),
    names=("password",),
    plain=("time_zone",),
    also={"is_active": False, "is_staff": False, "is_superuser": False},
)
_CLIENT = Anonymise(
    names=("name", "slug"),
    blank=("contact_email", "contract_value", "contract_start_date", "contract_end_date"),
    plain=("status", "country", "currency", "time_zone"),
    unlink=("account_manager_id",),
    also={"status": "ENDED"},
    needed=Needed(
        columns=("name",),
        by=(
            NeededBy(
                {
                    "billing.invoice": Q(number__isnull=False, document__isnull=True),
                    "billing.creditnote": Q(document__isnull=True),
                },
                why=f"Documents issued before their recipient was kept with them name it. {TAX}",
                years=10,
            ),
            NeededBy(
                {"billing.quote": _ISSUED & ~Q(invoices__document__isnull=False)},
                why=f"Offers of which no invoice came that names their recipient. {LETTERS}",
                years=6,
            ),
        ),
    ),
)
_SAID = Anonymise(
    plain=("side", "section"),
    holds=("quote", "text"),
    why="What was said of a client's work is the client's, and goes with it; who said it is nobody any more.",
)
_REQUEST = Anonymise(
    blank=("note", "error", "file_key", "preview", "scope", "progress"),
    addresses=("address",),
    plain=("file_sha256", "certificate"),
    holds=("reason",),
    why=PROOF,
    years=3,
)

POLICY: tuple[Table, ...] = (
    # what waits to be done, and what was answered
    Table("identity.storedanswer", DELETE, DELETE, user=("membership__user_id",)),
    Table("identity.attention", DELETE, DELETE, user=("person_id",)),
    Table("orchestration.webhookdelivery", DELETE, hidden=("body",)),
    Table("orchestration.webhookendpoint", DELETE, hidden=("secret", "previous_secret")),
    Table("orchestration.upload", DELETE, DELETE, user=("sent_by_id",), says=("content", "outcome")),
    # retention and reporting
    Table("retention.survey", DELETE, DELETE, address=("email",), hidden=("token_hash",)),
    Table("retention.playtask", DELETE),
    Table("retention.play", DELETE),
    Table("retention.opportunity", DELETE),
    Table("retention.renewaltask", DELETE),
    Table("retention.renewal", DELETE),
    Table("retention.healthscore", DELETE),
    Table("retention.signal", DELETE),
    Table("retention.lifecycle", DELETE),
    Table("reporting.reportletter", DELETE, DELETE, user=("user_id",)),
    Table("reporting.report", DELETE),
    Table("reporting.metricpoint", DELETE),
    Table("reporting.metricrefusal", DELETE),
    Table("reporting.metricimport", DELETE),
    Table("reporting.columnmapping", DELETE),
    # what was learnt of it goes, that something was seen stays
    Table("learning.lessontrial", DELETE),
    Table("learning.lessonevidence", DELETE),
    Table("learning.lesson", DELETE),
    Table("learning.judgedsection", DELETE),
    Table("learning.storedartifact", DELETE),
    Table("learning.learningevent", Anonymise(blank=("context",), plain=("kind",), unlink=("client_id",))),
    # billing: what is issued stays
    Table("billing.quoteletter", DELETE, DELETE, user=("user_id",)),
    Table("billing.reminderletter", DELETE, DELETE, user=("user_id",)),
    Table("billing.reminderhold", DELETE),
    Table("billing.reminder", Keep(LETTERS, 6)),
    Table("billing.retainerperiod", DELETE),
    Table("billing.retainer", DELETE),
    Table("billing.billingaddress", DELETE),
    Table("billing.handling", Keep(TAX, 10, holds=("reason",))),
    Table(
        "billing.vendorevent",
        Keep(
            *(TAX, 10),
            holds=("provider", "event_id", "kind", "told", "transaction_id", "sha256"),
            plain=("currency",),
        ),
    ),
    Table(
        "billing.checkout",
        Keep(TAX, 10, holds=("session_id", "url", "reason"), plain=("currency",), only=Q(state="PAID")),
        hidden=("url",),
    ),
    Table("billing.refund", Keep(TAX, 10)),
    Table("billing.reversal", Keep(TAX, 10, holds=("kind", "reason"))),
    Table("billing.bankmatch", Keep(TAX, 10)),
    Table("billing.allocation", Keep(TAX, 10)),
    Table("billing.issueddocument", Keep(TAX, 10, holds=("seller", "buyer", "xml", "plain_because"))),
    Table("billing.creditnoteline", Keep(TAX, 10)),
    Table("billing.creditnote", Keep(TAX, 10, holds=("reason",), plain=("number", "currency"))),
    Table("billing.payment", Keep(TAX, 10, holds=("provider", "transaction_id"), plain=("currency",))),
    Table(
        "billing.invoiceline",
        Keep(TAX, 10, holds=("description", "question"), only=Q(invoice__number__isnull=False)),
    ),
    Table(
        "billing.invoice",
        Keep(TAX, 10, holds=("reason",), plain=("number", "currency"), only=_ISSUED, unlink=("run_id", "package_id")),
    ),
    Table("billing.quoteline", Keep(LETTERS, 6, holds=("description",), only=Q(quote__number__isnull=False))),
    Table("billing.quotedretainer", Keep(LETTERS, 6, holds=("description",), only=Q(quote__number__isnull=False))),
    Table(
        "billing.quote",
        Keep(
            LETTERS, 6, holds=("terms", "signed_name", "reason"), plain=("number", "currency", "sha256"), only=_ISSUED
        ),
    ),
    # the work
    Table("delivery.publication", DELETE),
    Table("delivery.artifact", DELETE, files=("key",)),
    Table("delivery.package", DELETE),
    Table("client_review.notice", DELETE, DELETE, user=("user_id",)),
    Table("client_review.revisionplan", DELETE),
    Table("client_review.revisionrequest", DELETE),
    Table("client_review.comment", DELETE, _SAID, user=("author_id",)),
    Table("client_review.review", DELETE),
    Table("qc.qcfinding", DELETE),
    Table("qc.qcreport", DELETE),
    Table("production.bundleasset", DELETE, files=("file",)),
    Table("production.bundle", DELETE),
    Table("production.calendaritem", DELETE),
    Table("production.draftsection", DELETE),
    Table("production.draft", DELETE),
    Table("strategy.milestone", DELETE),
    Table("strategy.channelplan", DELETE),
    Table("strategy.kpi", DELETE),
    Table("strategy.strategy", DELETE),
    Table("onboarding.intakeinvitation", DELETE, DELETE, address=("email",)),
    Table("onboarding.workspace", DELETE),
    Table("onboarding.brief", DELETE),
    Table("onboarding.draftattachment", DELETE, files=("key",)),
    Table("onboarding.intakedraft", DELETE),
    Table("onboarding.intakeattachment", DELETE, files=("key",)),
    Table("onboarding.discoverynote", DELETE),
    Table("onboarding.intake", DELETE),
    Table("orchestration.eventreceipt", DELETE, of_client="event__client_id"),
    Table(
        "orchestration.outboxevent",
        DELETE,
        Anonymise(blank=("payload",), plain=("name", "aggregate")),
        of_client="client_id",
        user=("aggregate_id",),
        lead=("aggregate_id",),
        mentions=("payload",),
        when=Q(dispatched_at__isnull=False),
    ),
    Table("orchestration.steprun", DELETE),
    Table("orchestration.workflowrun", DELETE, hidden=("fence", "lease_owner")),
    # client acquisition: numbers stay, people go
    Table("cam.replyopinion", None, DELETE, lead=("reply__lead_id",), address=("reply__from_address",)),
    Table("cam.alert", None, DELETE, lead=("lead_id",)),
    Table("cam.duplicatepair", None, DELETE, lead=("lead_id", "other_id")),
    Table("cam.leadmerge", None, DELETE, lead=("survivor_id", "merged_id")),
    Table("cam.leadsubmission", None, DELETE, lead=("lead_id",)),
    Table("cam.importrefusal", None, DELETE, says=("cells",)),
    Table("cam.leadanswer", None, DELETE, says=("body",)),
    Table(
        "cam.discoveredprofile",
        None,
        Anonymise(
            blank=(*("full_name", "company", "title", "phone", "linkedin_url", "url", "raw", "reasons"), "problem"),
            names=("external_id",),
            addresses=("email",),
            plain=("country", "state"),
        ),
        lead=("lead_id",),
        address=("email",),
    ),
    Table("cam.consent", None, Keep(PROOF, 3, holds=("source", "words"), plain=("basis",)), lead=("lead_id",)),
    Table("cam.deal", None, _DEAL, lead=("lead_id",), address=("contact_email",)),
    Table("cam.outboundemail", None, _OUT, lead=("lead_id",), address=("to_address",), hidden=("unsubscribe_token",)),
    Table("cam.inboundemail", None, _IN, lead=("lead_id",), address=("from_address",)),
    Table("cam.lead", None, _LEAD, lead=("pk",), address=("email",)),
    # people, last: what is done goes on being somebody's
    Table("identity.logintries", client=Nobody("A keyed hash and a network address, gone after a quarter of an hour.")),
    Table("identity.recoverycode", None, DELETE, user=("factor__user_id",), hidden=("digest",)),
    Table("identity.secondfactor", None, DELETE, user=("user_id",), hidden=("salt",)),
    Table("identity.loginlink", None, DELETE, user=("user_id",), hidden=("digest",)),
    Table("identity.apitoken", DELETE, DELETE, user=("membership__user_id",), hidden=("digest",)),
    Table("identity.membership", DELETE, DELETE, user=("user_id",)),
    Table("identity.user_groups", None, DELETE, user=("user_id",)),
    Table("identity.user_user_permissions", None, DELETE, user=("user_id",)),
    Table("admin.logentry", None, DELETE, user=("user_id",)),
    Table("identity.user", None, _USER, user=("pk",), hidden=("password",)),
    Table("identity.datarequest", _REQUEST, _REQUEST, address=("address",), files=("file_key",), hidden=("file_key",)),
    Table("identity.client", _CLIENT),
    *_nobody("Redacted by observability, so that the chains stay whole.", "observability.auditentry"),
    *_nobody("Hashes of the audit's chains.", "observability.auditseal", "observability.auditredaction"),
    *_nobody(SHIELD, "cam.suppression"),
    *_nobody("Sessions are ended with their person.", "sessions.session"),
    *_nobody("Keys and digests of runs; the certificate names the files.", "orchestration.archivedrun"),
    *_nobody("Of the agency.", "billing.taxrate", "billing.numberseries", "billing.bookproof", "production.pack"),
    *_nobody(
        "Of the agency's own account: its bank's statements are kept whole.",
        "billing.bankstatement",
        "billing.bankline",
    ),
    *_nobody("Of the agency.", "production.packsection", "orchestration.controlflag", "observability.workerheartbeat"),
    *_nobody(
        "Of the agency.", "cam.mailbox", "cam.campaign", "cam.messagetemplate", "cam.sequence", "cam.sequencestep"
    ),
    *_nobody("Of the agency.", "cam.discoverysource", "cam.leadform", "cam.leadkey", "cam.pauserule", "cam.rulebook"),
    *_nobody("Counts.", "cam.cyclerun", "cam.cyclestep", "cam.campaignsnapshot", "cam.variantsnapshot"),
    *_nobody("Of a file: its name and columns.", "cam.importbatch", "cam.discoveryjob"),
    *_nobody("Of Django.", "auth.permission", "auth.group", "auth.group_permissions", "contenttypes.contenttype"),
)
