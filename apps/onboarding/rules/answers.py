"""Which question an answer belongs to, and which of several answers counts."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apps.onboarding.api.dtos import DiscoveryNote
from apps.onboarding.rules.cleaning import clean
from apps.onboarding.rules.lists import distinct, strip_item
from apps.onboarding.rules.markup import has_hole, plain_text

ALIASES: dict[str, tuple[str, ...]] = {
    "client_name": ("brand_name", "brand", "company", "company_name", "business_name", "business", "name"),
    "website": ("website_url", "web_site", "url", "site", "web", "web_page", "homepage", "domain"),
    "industry": ("sector", "niche", "branche", "business_type", "line_of_business"),
    "geography": (
        "geography_served", "geo", "location", "locations", "region", "regions", "market", "markets", "area",
        "area_served", "areas_served", "service_area", "countries", "where",
    ),
    "primary_offer": (
        "primary_offers", "offer", "offers", "offering", "offerings", "main_offer", "main_offers", "product",
        "products", "service", "services", "products_services", "products_and_services", "what_you_sell",
    ),
    "secondary_offers": ("secondary_offer", "other_offers", "additional_offers", "other_products", "other_services"),
    "pricing": ("prices", "price", "price_list", "price_range"),
    "objective": (
        "primary_objective", "objectives", "primary_objectives", "main_objective", "goal", "goals", "primary_goal",
        "primary_goals", "main_goal", "main_goals", "business_goal", "business_goals", "marketing_goal",
        "marketing_goals", "campaign_goal", "campaign_goals", "aim", "aims",
    ),
    "secondary_objectives": (
        "secondary_objective", "secondary_goal", "secondary_goals", "other_objectives", "other_goals",
    ),
    "success": (
        "success_definition", "definition_of_success", "success_metrics", "success_criteria", "kpi", "kpis",
        "kpi_targets",
    ),
    "target_audience": (
        "target_audiences", "audience", "audiences", "primary_audience", "primary_audiences", "target_group",
        "target_groups", "target_customer", "target_customers", "ideal_customer", "ideal_customers",
        "ideal_customer_profile", "icp", "customer", "customers", "buyer", "buyers", "persona", "personas",
        "buyer_persona", "buyer_personas", "who_buys",
    ),
    "secondary_audience": ("secondary_audiences", "second_audience", "other_audiences"),
    "pain_points": ("pain_point", "pains", "pain", "problems", "challenges", "frustrations", "customer_pains"),
    "desired_outcomes": ("desired_outcome", "outcomes", "desires", "gains", "benefits", "customer_outcomes"),
    "objections": ("objection", "common_objections", "buying_objections", "barriers", "concerns"),
    "competitors": ("competitor", "competition", "main_competitors", "alternatives"),
    "proof": (
        "proof_assets", "proof_asset", "proof_points", "social_proof", "evidence", "credentials", "testimonials",
        "case_studies", "reviews", "references",
    ),
    "selling_points": (
        "selling_point", "usp", "usps", "unique_selling_point", "unique_selling_points",
        "unique_selling_proposition", "differentiator", "differentiators", "differentiation",
        "what_makes_you_different",
    ),
    "timeline": (
        "timeline_weeks", "time_line", "timeframe", "time_frame", "duration", "duration_weeks", "weeks", "schedule",
        "campaign_duration", "campaign_length", "project_length", "project_duration",
    ),
    "start": (
        "start_date", "desired_start", "desired_start_date", "preferred_start", "preferred_start_date", "starting",
        "begin", "kickoff", "kickoff_date", "kick_off", "kick_off_date",
    ),
    "budget": (
        "monthly_budget", "budget_monthly", "budget_per_month", "total_budget", "budget_total", "marketing_budget",
        "media_budget", "ad_budget", "budget_range", "spend", "ad_spend",
    ),
    "tone": ("tone_of_voice", "voice", "brand_voice", "brand_tone", "style"),
    "languages": ("language", "content_language", "content_languages"),
    "brand_kit": ("brand_assets", "brand_guidelines", "brand_guide", "brand_book", "style_guide"),
    "banned_words": (
        "banned_word", "banned_terms", "banned_phrases", "forbidden_words", "forbidden_word", "words_to_avoid",
        "avoid_words", "taboo_words",
    ),
    "forbidden_claims": ("forbidden_claim", "banned_claims", "prohibited_claims", "claims_to_avoid", "do_not_claim"),
    "disclaimers": (
        "disclaimer", "required_disclaimers", "required_disclaimer", "mandatory_disclaimers", "legal_disclaimer",
        "legal_disclaimers",
    ),
    "compliance_requirements": (
        "compliance_requirement", "compliance", "legal_requirements", "regulations", "regulatory_requirements",
    ),
    "channels_excluded": (
        "excluded_channels", "channel_exclusions", "channels_to_avoid", "exclude_channels", "no_go_channels",
    ),
    "constraints": ("constraint", "limitations", "restrictions"),
    "exclusions": ("exclusion", "out_of_scope", "not_in_scope", "scope_exclusions", "not_included"),
    "outputs_wanted": (
        "outputs", "output", "output_formats", "output_format", "formats", "file_formats", "export_formats",
        "deliverables", "deliverable",
    ),
    "tracking_status": ("tracking", "tracking_setup", "analytics", "analytics_status", "pixel_status"),
}  # fmt: skip
"""The questions of the form, and the other names they were asked under."""

_KEPT_WITH_THE_CLIENT = frozenset(
    {
        "time_zone", "timezone", "email", "e_mail", "contact_email", "contact", "contact_name", "contact_person",
        "phone", "country", "currency",
    }
)  # fmt: skip
_FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in (field, *aliases)}
_NO_ANSWER = frozenset(
    {
        "x", "n/a", "na", "n.a", "none", "none yet", "no", "nil", "nothing", "null", "undefined", "unknown", "tbd",
        "tba", "tbc", "t.b.d", "todo", "xx", "xxx", "asdf", "same as above", "see above", "as above", "siehe oben",
        "idem", "not yet", "not sure", "not sure yet", "no idea", "don't know", "dont know",
        "not applicable", "to be defined", "to be decided", "to be confirmed", "to be discussed", "let's discuss",
        "k.a", "keine", "keiner", "keins", "nein", "keine angabe", "noch keine", "noch offen", "unbekannt",
        "aucun", "aucune", "non", "pas encore", "ninguno", "ninguna", "todavía no", "nenhum", "nenhuma", "não",
        "ainda não", "nessuno", "nessuna", "non ancora", "brak", "nie", "jeszcze nie", "geen", "nog niet", "ingen",
    }
)  # fmt: skip


def fold_key(key: str) -> str:
    """Return a field's name in one spelling: `Brand name`, `brand-name` and `brandName` are `brand_name`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", unicodedata.normalize("NFKC", key))
    return re.sub(r"[\W_]+", "_", spaced.casefold()).strip("_")


def question_of(folded: str) -> str | None:
    """Return the question of the form that a folded name asks; None where it asks none."""
    return _FIELD_OF.get(folded)


def fold_spaces(text: str) -> str:
    """Return a text with single spaces and single line ends, which keeps the expressions that read it fast."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[^\S\n]+", " ", text)).strip()


def is_no_answer(text: str) -> bool:
    """Tell whether a text stands for "nothing": empty, a dash, `n/a`, `tbd`, `keine Angabe`."""
    folded = " ".join(text.casefold().split())
    return folded.strip(" .!:?") in _NO_ANSWER or not re.search(r"\w", folded)


def texts(value: Any) -> list[str]:
    """Return the texts in a JSON value, in order; a ticked box (`{"pdf": true}`) counts by its name."""
    match value:
        case bool() | None:
            return []
        case str() | int() | float():
            return [str(value)]
        case list():
            return [text for item in value for text in texts(item)]
        case dict():
            # PostgreSQL gives an object's keys back in this order: an intake reads the same before and after storing.
            ordered = sorted(value.items(), key=lambda item: (len(item[0].encode()), item[0].encode()))
            return [text for key, item in ordered for text in ([key] if item is True else texts(item))]
    return []


@dataclass(frozen=True)
class Answer:
    """An answer that counts, and the name it was given under."""

    key: str
    value: Any

    @property
    def texts(self) -> list[str]:
        read = (fold_spaces(plain_text(text)) for text in texts(self.value))
        return [text for text in read if not is_no_answer(text)]

    @property
    def has_hole(self) -> bool:
        return any(has_hole(text) for text in texts(self.value))


class Answers:
    """What a client said about each question: clarified by the latest call, else as answered in the form."""

    def __init__(self, answers: dict[str, Any], notes: Sequence[DiscoveryNote] = ()) -> None:
        self._given: dict[str, Answer] = {}
        self.unused: list[str] = []
        self.unused_clarifications: list[str] = []
        for key, field, value in _recognised(answers):
            if field is None:
                self._set_aside(key, value)
            elif field not in self._given:
                self._given[field] = Answer(key, value)
            elif self._given[field].value != value:
                self.unused.append(key)
        for note in notes:
            self._clarify(note)

    def _set_aside(self, key: str, value: Any) -> None:
        if fold_key(key) not in _KEPT_WITH_THE_CLIENT and Answer(key, value).texts:
            self.unused.append(key)

    def _clarify(self, note: DiscoveryNote) -> None:
        clarified: dict[str, Answer] = {}
        for key, field, value in _recognised(clean(note.clarifications)):
            if field is None:
                self.unused_clarifications += Answer(key, value).texts
            elif Answer(key, value).texts:
                clarified.setdefault(field, Answer(key, value))
        self._given |= clarified

    def unfinished(self) -> list[str]:
        """Return the questions whose answers hold a placeholder that nobody filled in."""
        return [field for field, answer in self._given.items() if answer.has_hole]

    def find(self, field: str) -> Answer | None:
        """Return the answer to a question, if anything was said."""
        answer = self._given.get(field)
        return answer if answer and answer.texts else None

    def raw(self, field: str) -> str:
        """Return an answer even where it stands for "nothing", as `none yet` does."""
        answer = self._given.get(field)
        return fold_spaces(" ".join(texts(answer.value))) if answer else ""

    def texts(self, *fields: str) -> list[str]:
        """Return the texts said about some questions, in order."""
        return [text for field in fields if (answer := self.find(field)) for text in answer.texts]

    def text(self, field: str) -> str:
        """Return an answer as one text."""
        return ", ".join(self.texts(field))

    def items(self, *fields: str, split: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
        """Return the distinct items of the answers to some questions: a list's as they are, else what `split` finds."""
        found: list[str] = []
        for field in fields:
            said = self.texts(field)
            found += map(strip_item, said) if len(said) > 1 else (item for text in said for item in split(text))
        return distinct(item for item in found if not is_no_answer(item))


def _recognised(answers: dict[str, Any]) -> list[tuple[str, str | None, Any]]:
    """Return (key, field or None, value), blanks last, the names in the order of `ALIASES` within a field."""
    rank = {alias: place for place, alias in enumerate(_FIELD_OF)}
    rows = [(key, fold_key(key), value) for key, value in answers.items()]
    rows.sort(key=lambda row: (not Answer(row[0], row[2]).texts, rank.get(row[1], len(rank)), row[0]))
    return [(key, _FIELD_OF.get(folded), value) for key, folded, value in rows]


def in_order_of_calls(notes: Iterable[DiscoveryNote]) -> list[DiscoveryNote]:
    """Return the notes, oldest call first; a time without zone is read as UTC."""
    return sorted(notes, key=lambda note: as_utc(note.call_date))


def as_utc(moment: datetime) -> datetime:
    """Return an aware time in UTC; one without zone is read as UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
