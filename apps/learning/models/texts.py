"""Texts that are kept as examples, and how they are found again."""

from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.learning.rules.words import HIT_BEGINS, HIT_ENDS

CONFIGS = {"words_en": "english", "words_de": "german"}
"""The columns of words, each with the language whose endings PostgreSQL takes off."""


class StoredArtifactQuerySet(models.QuerySet["StoredArtifact"]):
    """Kept texts: whose, and which of them hold some words."""

    def offered_to(self, client_id: UUID) -> Self:
        """Narrow to what may be shown to who writes for a client: its own, and what is free of client data."""
        return self.filter(Q(client_id=client_id) | Q(is_free_of_client_data=True))

    def matching(self, expression: str) -> Self:
        """Narrow to texts that hold what a tsquery says, by the endings of either language; the best `rank` first."""
        queries = {
            column: SearchQuery(expression, config=config, search_type="raw") for column, config in CONFIGS.items()
        }
        found = Q(*queries.items(), _connector=Q.OR)
        ranks = (SearchRank(F(column), query) for column, query in queries.items())
        return self.filter(found).annotate(rank=Greatest(*ranks)).order_by("-rank", "-stored_at", "-pk")

    def with_excerpt(self, expression: str) -> Self:
        """Say beside each found text where the words stand, as `excerpt`: between marks that no text holds."""
        headlines = {
            f"excerpt_{config}": SearchHeadline(
                "text",
                SearchQuery(expression, config=config, search_type="raw"),
                config=config,
                start_sel=HIT_BEGINS,
                stop_sel=HIT_ENDS,
                max_words=40,
                min_words=20,
                max_fragments=2,
            )
            for config in CONFIGS.values()
        }
        return self.annotate(**headlines)


class StoredArtifact(models.Model):
    """A section that its client approved after it had passed quality control: an example for later work.

    It is offered to those who write for its own client alone, until a person marks it as free of client data.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=64, help_text="What it is: the key of its section")
    text = models.TextField()
    tags = models.JSONField(default=list)
    source_id = models.UUIDField(help_text="The draft it was a part of")
    is_free_of_client_data = models.BooleanField(
        default=False, help_text="A person read it: it may be shown to who writes for others"
    )
    stored_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)
    words_en = models.GeneratedField(
        expression=SearchVector("text", config="english"), output_field=SearchVectorField(), db_persist=True
    )
    words_de = models.GeneratedField(
        expression=SearchVector("text", config="german"), output_field=SearchVectorField(), db_persist=True
    )

    objects = StoredArtifactQuerySet.as_manager()

    class Meta:
        ordering = ("-stored_at", "-id")
        verbose_name = "kept text"
        permissions: ClassVar = [
            ("release_artifact", "Can offer a kept text to those who write for other clients"),
            ("withhold_artifact", "Can keep a text for its own client again"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source_id", "kind"], name="artifact_once")]
        indexes: ClassVar = [
            GinIndex(fields=["words_en"], name="artifact_words_en"),
            GinIndex(fields=["words_de"], name="artifact_words_de"),
            models.Index(fields=["-stored_at", "-id"], name="artifact_by_time"),
        ]

    def __str__(self) -> str:
        return self.kind.replace("_", " ").capitalize()
