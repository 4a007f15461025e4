"""Leads: people who may become clients, each in one campaign."""

import re
from collections.abc import Iterable
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django_fsm import FSMField, transition

from apps.cam.api import dtos
from apps.cam.models.campaigns import Campaign
from apps.cam.models.hashes import address_hash
from apps.cam.models.imports import ImportBatch
from apps.cam.models.sequences import Sequence
from apps.cam.rules.enriching import SENIORITIES
from apps.cam.rules.moves import MOVE_OF, MOVES, STATES
from apps.shared.models import OfRunQuerySet, StateModel, UuidModel

MOST_FOUND = 1_000
"""By words: who gets more than that writes another word."""
SEARCHED = ("email_key", "full_name", "company")

_LEGAL = ", ".join(f"('{source}', '{move.target}')" for move in MOVES for source in move.sources)
_REACHING_OUT = ", ".join(f"'{move.target}'" for move in MOVES if move.reaches_out)
_LEGAL_MOVES = f"""
    IF (OLD.state, NEW.state) NOT IN ({_LEGAL}) THEN
        RAISE EXCEPTION 'Lead % cannot go from % to %.', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_moves_legally';
    END IF;
    IF NEW.contactability IS DISTINCT FROM OLD.contactability THEN
        RAISE EXCEPTION 'Lead % cannot change its contactability by a move.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_move_leaves_contactability';
    END IF;
    IF NEW.state IN ({_REACHING_OUT}) AND NEW.contactability <> 'OK' THEN
        RAISE EXCEPTION 'Lead % is % and must not be contacted.', OLD.id, NEW.contactability
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_is_contactable';
    END IF;
    RETURN NEW;
"""


class Words(Func):
    """The words in some columns, an address taken apart at its marks: what the index of the search is made of."""

    arg_joiner = " || ' ' || "
    template = "to_tsvector('simple', translate(%(expressions)s, '@._+-/', '      '))"
    output_field = SearchVectorField()


class DomainOf(Func):
    """The domain of an address's key: colleagues are found by an index of it."""

    template = "split_part(%(expressions)s, '@', 2)"
    arity = 1
    output_field = models.TextField()


class IsOneOf(Func):
    """Whether a value is in an array that is made once, before anything else is looked at."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class LeadQuerySet(OfRunQuerySet):
    """Leads, and which of them somebody looks for."""

    def single(self) -> Self:
        """Leave out those that became part of another."""
        return self.filter(merged_into=None)

    def most_urgent_first(self) -> Self:
        """Put first whose next action is due first, then who came last: in the order of the board's index."""
        return self.order_by(F("next_action_at").asc(nulls_last=True), "-id")

    def halted(self) -> Self:
        """Narrow to leads whose sequence stands still and could go on."""
        return self.filter(state__in=("QUALIFIED", "ROUTED", "CONTACTED"), contactability="OK").exclude(
            halted_because=""
        )

    def at_domain(self, domain: str) -> Self:
        """Narrow to the leads whose addresses are at one domain."""
        return self.alias(domain=DomainOf("email_key")).filter(domain=domain)

    def of_person(self, address: str) -> Self:
        """Narrow to the leads of one person, in every campaign and whatever the spelling of their address."""
        return self.of_persons([address])

    def of_persons(self, addresses: Iterable[str]) -> Self:
        """Narrow to the leads of some persons."""
        return self.filter(identity_key__in=[address_hash(address) for address in addresses])

    def called(self, term: str) -> Self:
        """Narrow to leads in whose address, name or company a word begins with each word of the term.

        At most a thousand of them: the index finds these first, as an array. Asked for in one breath with the order of
        a list, the database would walk through the keys from the end and take a million addresses apart.
        """
        words = [f"{word}:*" for word in re.findall(r"[^\W_]+", term)]
        if not words:
            return self.none()
        wanted = SearchQuery(" & ".join(words), search_type="raw", config="simple")
        found = Lead.objects.alias(words=Words(*SEARCHED)).filter(words=wanted).order_by().values("pk")
        return self.filter(IsOneOf(F("pk"), ArraySubquery(found[:MOST_FOUND])))


def _can_be_contacted(lead: "Lead") -> bool:
    return lead.is_contactable


def _move(verb: str) -> dict[str, object]:
    move = MOVE_OF[verb]
    conditions = [_can_be_contacted] if move.reaches_out else []
    return {"source": list(move.sources), "target": move.target, "conditions": conditions}


class Lead(StateModel, UuidModel):
    """One person in one campaign, known by their address. It belongs to no client: it may become one."""

    class Contactability(models.TextChoices):
        OK = "OK", "OK"
        UNSUBSCRIBED = "UNSUBSCRIBED"
        SUPPRESSED = "SUPPRESSED"
        BOUNCED = "BOUNCED"
        DO_NOT_CONTACT = "DO_NOT_CONTACT"

    class Source(models.TextChoices):
        CSV = "CSV", "File"
        DISCOVERY = "DISCOVERY"
        MANUAL = "MANUAL"
        REFERRAL = "REFERRAL"
        FORM = "FORM", "Web form"
        API = "API", "API"
        OTHER = "OTHER"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="leads", db_index=False)
    email = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254, help_text="The address in small letters: once in a campaign")
    full_name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    linkedin_url = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166, empty where it is unknown")
    time_zone = models.CharField(max_length=64, blank=True, db_default="", help_text="Empty where it is unknown")
    industry = models.CharField(max_length=120, blank=True, db_default="")
    employees = models.PositiveIntegerField(null=True, blank=True, help_text="People of the company, at least")
    employees_most = models.PositiveIntegerField(null=True, blank=True, help_text="At most, where that is known")
    revenue = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True, help_text="A year's")
    revenue_currency = models.CharField(max_length=3, blank=True, db_default="", help_text="Empty where nobody said")
    city = models.CharField(max_length=100, blank=True, db_default="")
    region = models.CharField(max_length=100, blank=True, db_default="")
    website = models.CharField(max_length=200, blank=True, db_default="")
    seniority = models.CharField(
        max_length=12, blank=True, db_default="", choices=[(rank, rank.capitalize()) for rank in SENIORITIES]
    )
    signals = models.JSONField(
        default=list, blank=True, db_default=Value([], models.JSONField()), help_text="Why they may buy, in short words"
    )
    source = models.CharField(max_length=12, choices=Source)
    raw = models.JSONField(default=dict, help_text="What the source said and no field has a place for")
    state = FSMField(choices=[(state, state) for state in STATES], default="NEW", protected=True)
    contactability = models.CharField(max_length=16, choices=Contactability, default=Contactability.OK)
    score = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True, help_text="0 to 1")
    grade = models.CharField(max_length=1, blank=True, choices=[(grade, grade) for grade in "ABCDEF"])
    reasons = models.JSONField(null=True, blank=True, help_text="Why it was scored so")
    rating = models.JSONField(null=True, blank=True, help_text="What each factor counted")
    rule_version = models.PositiveIntegerField(null=True, blank=True, help_text="Of the rule book it was scored by")
    rated_at = models.DateTimeField(null=True, blank=True)
    route_name = models.CharField(max_length=40, blank=True, db_default="", help_text="The sequence that suits it")
    next_action_at = models.DateTimeField(null=True, blank=True)
    sequence = models.ForeignKey(
        Sequence,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        db_index=False,
        help_text="That it is in",
    )
    halted_because = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Why its sequence stands still"
    )
    goes_on_behind = models.PositiveIntegerField(
        default=0, db_default=0, help_text="The message behind which a person let its sequence go on"
    )
    import_batch = models.ForeignKey(
        ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="leads", db_index=False
    )
    run_id = models.UUIDField(null=True, blank=True, editable=False)
    identity_key = models.CharField(max_length=64, editable=False, help_text="Its address, hashed: `rules.identity`")
    profile_key = models.CharField(max_length=64, blank=True, editable=False)
    phone_key = models.CharField(max_length=64, blank=True, editable=False)
    colleague_key = models.CharField(max_length=64, blank=True, editable=False)
    is_compared = models.BooleanField(default=False, editable=False, help_text="With all others, for duplicates")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [
            ("advance_lead", "Can move a lead on"),
            ("stop_contact", "Can say that a lead must not be contacted"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["email_key", "campaign"], name="lead_once_per_campaign"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="lead_state_is_known"),
            models.CheckConstraint(
                condition=Q(contactability__in=["OK", "UNSUBSCRIBED", "SUPPRESSED", "BOUNCED", "DO_NOT_CONTACT"]),
                name="lead_contactability_is_known",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="lead_score_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(employees__isnull=True, employees_most__isnull=True)
                | Q(employees__gte=1) & (Q(employees_most__isnull=True) | Q(employees_most__gte=F("employees"))),
                name="lead_employees_are_a_span",
            ),
            models.CheckConstraint(
                condition=Q(revenue__isnull=True, revenue_currency="") | Q(revenue__gte=0),
                name="lead_revenue_is_an_amount",
            ),
            models.CheckConstraint(condition=Q(seniority__in=["", *SENIORITIES]), name="lead_seniority_is_known"),
            models.CheckConstraint(
                condition=Q(email_key__regex=r"^[^@[:space:][:cntrl:],;<>]+@[^@[:space:][:cntrl:],;<>]+$"),
                name="lead_has_one_address",
            ),
            models.CheckConstraint(condition=~Q(identity_key=""), name="lead_has_an_identity"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")) & ~Q(contactability="OK"),
                name="lead_merged_is_not_contacted",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "campaign", "state", F("next_action_at").asc(nulls_last=True), F("id").desc(), name="lead_board"
            ),
            # 7 MB a million: what funnels count by
            models.Index(fields=["campaign", "state"], name="lead_counted", condition=Q(merged_into=None)),
            models.Index(fields=["state", "id"], name="lead_by_state"),
            models.Index(fields=["grade", "id"], name="lead_by_grade", condition=~Q(grade="")),
            models.Index(
                fields=["contactability", "id"], name="lead_not_to_contact", condition=~Q(contactability="OK")
            ),
            models.Index(
                fields=["sequence", "state", "id"], name="lead_in_sequence", condition=Q(sequence__isnull=False)
            ),
            models.Index(fields=["id"], name="lead_halted", condition=~Q(halted_because="")),
            models.Index(fields=["run_id"], name="lead_of_run", condition=Q(run_id__isnull=False)),
            models.Index(DomainOf("email_key"), name="lead_by_domain"),
            GinIndex(Words(*SEARCHED), name="lead_words"),
            models.Index(fields=["identity_key"], name="lead_by_identity"),
            *(
                models.Index(fields=[f"{trait}_key"], name=f"lead_by_{trait}", condition=~Q(**{f"{trait}_key": ""}))
                for trait in ("profile", "phone", "colleague")
            ),
            models.Index(fields=["id"], name="lead_not_compared", condition=Q(is_compared=False)),
            models.Index(fields=["merged_into"], name="lead_merged", condition=Q(merged_into__isnull=False)),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="legal_moves",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=_LEGAL_MOVES,
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_contactable(self) -> bool:
        """Whether anybody may write to this person: stronger than every state."""
        return self.contactability == self.Contactability.OK

    @transition(field=state, **_move("enrich"))
    def enrich(self) -> None:
        """Be known as well as can be."""

    @transition(field=state, **_move("rate"))
    def rate(self) -> None:
        """Be compared with whom the campaign looks for."""

    @transition(field=state, **_move("send_to_review"))
    def send_to_review(self) -> None:
        """Wait for a person."""

    @transition(field=state, **_move("qualify"))
    def qualify(self) -> None:
        """Be worth writing to."""

    @transition(field=state, **_move("disqualify"))
    def disqualify(self) -> None:
        """Be left alone."""

    @transition(field=state, **_move("route"))
    def route(self) -> None:
        """Wait for the first message."""

    @transition(field=state, **_move("contact"))
    def contact(self) -> None:
        """Have been written to."""

    @transition(field=state, **_move("reply"))
    def reply(self) -> None:
        """Have answered."""

    @transition(field=state, **_move("meet"))
    def meet(self) -> None:
        """Have agreed to meet."""

    @transition(field=state, **_move("propose"))
    def propose(self) -> None:
        """Have our proposal."""

    @transition(field=state, **_move("win"))
    def win(self) -> None:
        """Become a client."""

    @transition(field=state, **_move("lose"))
    def lose(self) -> None:
        """Come to nothing."""

    def as_dto(self) -> dtos.Lead:
        """Return it as other modules see it."""
        columns = {name: getattr(self, name) for name in dtos.Lead.model_fields}
        return dtos.Lead(**columns | {"country": self.country or None, "grade": self.grade or None})
