"""Rule books: what leads are scored by, in versions of which one counts."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from apps.cam.rules.rulebooks import SCORING, Rules, read_rules
from apps.identity.models import User
from apps.shared.models import StateModel, UuidModel


class RuleBookQuerySet(models.QuerySet):
    """Rule books, and the one that counts."""

    def live(self, name: str = SCORING) -> Self:
        """Narrow to the version that counts: there is one at most."""
        return self.filter(name=name, state=RuleBook.State.LIVE)


class RuleBook(StateModel, UuidModel):
    """One version of some rules. Its content never changes: an edit is the next version, made from this one."""

    class State(models.TextChoices):
        DRAFT = "DRAFT"
        LIVE = "LIVE"
        RETIRED = "RETIRED"

    name = models.CharField(max_length=40, default=SCORING)
    version = models.PositiveIntegerField()
    state = FSMField(choices=State.choices, default=State.DRAFT, protected=True)
    content = models.JSONField()
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, help_text="Why it differs from the version before")

    objects = RuleBookQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions: ClassVar = [("edit_rulebook", "Can write rule books and put them live")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "version"], name="rulebook_version_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(state="LIVE"), name="rulebook_one_is_live"),
            models.CheckConstraint(condition=Q(state__in=["DRAFT", "LIVE", "RETIRED"]), name="rulebook_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name.capitalize()}, version {self.version}"

    @transition(field=state, source=State.DRAFT, target=State.LIVE)
    def put_live(self) -> None:
        """Count from now on."""

    @transition(field=state, source=(State.DRAFT, State.LIVE), target=State.RETIRED)
    def retire(self) -> None:
        """Count no more, or never."""

    @property
    def rules(self) -> Rules:
        """What it says. Raises RulesRefused where it was written past the desk."""
        return read_rules(self.content)
