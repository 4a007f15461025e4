"""The desk's pages of kept texts: found by their words, with the words marked where they stand."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from apps.learning import queries, services
from apps.learning.models import StoredArtifact
from apps.learning.models.texts import CONFIGS
from apps.learning.rules.words import HIT_BEGINS, HIT_ENDS
from apps.shared.admin import (
    CLIENT_FILTER,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    client_link,
    link_column,
)
from apps.shared.admin.highlight import rendered


def marked(excerpt: str) -> SafeString:
    """Return an excerpt with the found words marked; all else in it is shown as text."""
    shown = escape(excerpt).replace(HIT_BEGINS, "<mark>").replace(HIT_ENDS, "</mark>")
    return mark_safe(shown)  # noqa: S308  (escaped above; only our own marks are tags)


def _is_id(words: str) -> bool:
    try:
        UUID(words.strip())
    except ValueError:
        return False
    return True


draft_link = link_column("production.draft", "source_id")


@admin.register(StoredArtifact)
class StoredArtifactAdmin(DocumentAdmin, TransitionAdmin):
    """Sections that clients approved, to read and to search."""

    empty_says = "Sections that a client approved after they had passed quality control are kept here."
    list_display = ("__str__", client_link, "excerpt", "is_free_of_client_data", draft_link, "stored_at")
    list_filter = ("is_free_of_client_data", CLIENT_FILTER)
    list_select_related = ("client",)
    search_fields = ("client__name",)  # or Django would show no box; the words of the texts are looked for
    search_help_text = "Words of the texts, with any ending or nearly so written, or an id"
    id_fields = ("pk", "source_id", "client_id")
    change_form_before_template = "admin/learning/text.html"
    fieldsets = (
        ("Links", {"fields": (client_link, draft_link, "kind", "tags", "is_free_of_client_data", "stored_at")}),
    )
    buttons: ClassVar = (
        Button(
            name="release",
            label="Offer to others",
            service=services.release_artifact,
            permission="learning.release_artifact",
            offered=lambda artifact: not artifact.is_free_of_client_data,
            explanation="Those who write for other clients are shown this text from now on. "
            "Read it first: nothing of the client's own may be in it.",
            asks_reason=True,
            refusals=(ValueError,),
        ),
        Button(
            name="withhold",
            label="Keep for its client",
            service=services.withhold_artifact,
            permission="learning.withhold_artifact",
            offered=lambda artifact: artifact.is_free_of_client_data,
            explanation="It is shown to those who write for its own client alone.",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredArtifact]:
        return super().get_queryset(request).defer(*CONFIGS)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StoredArtifact], search_term: str
    ) -> tuple[QuerySet[StoredArtifact], bool]:
        """Find texts by their words, the best first, or by words like them; an id by its row."""
        if not search_term.strip() or _is_id(search_term):
            return super().get_search_results(request, queryset, search_term)
        expression = queries.find_expression(queryset, search_term)
        if not expression:
            return queryset.none(), False
        return queryset.matching(expression).with_excerpt(expression), False

    @admin.display(description="text")
    def excerpt(self, artifact: StoredArtifact) -> SafeString | str:
        found = [getattr(artifact, f"excerpt_{config}", "") for config in CONFIGS.values()]
        excerpt = next((text for text in found if HIT_BEGINS in text), "")
        return marked(excerpt) if excerpt else Truncator(artifact.text).chars(160)

    def page(self, request: HttpRequest, row: StoredArtifact) -> dict[str, Any]:
        return {"text": rendered(row.text)}
