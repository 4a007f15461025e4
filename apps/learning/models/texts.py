"""Texts that are kept as examples, and how they are found again."""

from collections.abc import Iterable
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.learning.rules.words import HIT_BEGINS, HIT_ENDS, SHORTEST_WORD

CONFIGS = {"words_en": "english", "words_de": "german"}
"""The columns of words, each with the language whose endings PostgreSQL takes off."""


MOST_COMPARED = 2_000
"""Texts, the newest, whose words a word that none of them has is compared with."""
LIKE = 0.3
"""Of two words whose trigrams are shared to this part, the one may be meant by the other (as pg_trgm has it)."""
MOST_LIKELY = 3

_LIKE_WORDS = """
    WITH known AS (
        SELECT DISTINCT unnest(tsvector_to_array(words_en || words_de)) AS word
        FROM learning_storedartifact WHERE id IN ({texts})),
    compared AS (SELECT word, learning_trigrams(word) AS parts FROM known WHERE word ~ '^[[:alnum:]]+$'),
    asked AS (SELECT learning_trigrams(%s) AS parts)
    SELECT word FROM (
        SELECT word, cardinality(compared.parts) + cardinality(asked.parts) AS total,
            (SELECT count(*) FROM unnest(compared.parts) AS part WHERE part = ANY (asked.parts))::float AS shared
        FROM compared, asked) likeness
    WHERE shared / (total - shared) >= %s
    ORDER BY shared / (total - shared) DESC, word LIMIT %s"""
"""The words of some texts that are like one, the likest first: by what of both words' trigrams they share."""


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

    def like_words(self, words: Iterable[str]) -> dict[str, list[str]]:
        """Return for each word what it likely means in these texts: itself where one has it, else the words like it.

        {} where of some word nothing in them is like it. A small word that none has is passed over: it says little.
        """
        texts = self.order_by("-stored_at", "-pk")[:MOST_COMPARED].values("pk")
        sql, params = texts.query.sql_with_params()
        likely: dict[str, list[str]] = {}
        for word in words:
            if self.matching(f"{word}:*").exists():
                likely[word] = [word]
                continue
            if len(word) < SHORTEST_WORD:
                continue
            with connection.cursor() as cursor:
                cursor.execute(_LIKE_WORDS.format(texts=sql), [*params, word, LIKE, MOST_LIKELY])
                likely[word] = [found for (found,) in cursor.fetchall()]
            if not likely[word]:
                return {}
        return likely

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
