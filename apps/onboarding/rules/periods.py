"""Units of time in several languages, and what a price or a budget is counted by."""

import re

_UNITS = {
    "day": r"days?|tage?n?|jours?|d[ií]as?|giorn[oi]|dni|dzień|dagen|dag|dager|dagar|päivää",
    "week": r"weeks?|wks?|wochen?|semaines?|semanas?|settiman[ae]|tydzień|tygodni[eu]?|weken|uker?|uger?|veck(?:a"
    r"|or)|viikkoa?",
    "month": r"months?|mos?|mths?|monate?n?|mois|mes(?:es)?|m[eê]s|mes[ei]|miesiąc[eau]?|miesięcy|maand(?:en)?"
    r"|måned(?:er|en)?"
    r"|månad(?:er|en)?|kuukautta",
    "quarter": r"quarters?|quartale?n?|trimestres?|trimestr[ei]|kwartał[uy]?|kwartaal|kvartal",
    "year": r"years?|yrs?|jahre?n?|ans?|années?|años?|anos?|ann[oi]|rok|lata|lat|jaar|jaren|år|vuotta",
}
UNIT = "|".join(_UNITS.values())
_UNIT_WORDS = {unit: re.compile(words, re.IGNORECASE) for unit, words in _UNITS.items()}

_ADVERBS = {
    "per day": r"daily|täglich|quotidien(?:ne)?|diari[oa]",
    "per week": r"weekly|wöchentlich|hebdomadaire|semanal(?:es)?|settimanal[ei]|tygodniowo|p\.?\s?w\.?",
    "per month": r"monthly|mtl\.?|monatl\.?|monatlich\w*|mensuel(?:le)?s?|mensual(?:es)?|mensa(?:l|is)|mensil[ei]"
    r"|miesięcznie"
    r"|maandelijks|månedlig|p\.\s?m\.?|p/m|pm|pcm",
    "per quarter": r"quarterly|vierteljährlich|quartalsweise|trimestriel(?:le)?|trimestral",
    "per year": r"yearly|annually|annual|jährlich|annuel(?:le)?|anual|annu[oa]|rocznie|jaarlijks|p\.\s?a\.?",
    "per hour": r"hourly|stündlich|p\.\s?h\.?",
}
PER = (
    r"(?:/|\bper\b|\beach\b|\bevery\b|\bpro\b|\bje\b|\bim\b|\bpar\b|\bal\b|\ba la\b|\bpor\b|\bao\b|\bna\b|\bza\b"
    r"|\bi\b|\bom\b|\bà\b)"
)
_EVERY = re.compile(rf"(?:{PER}|\ban?\b)\s*(?P<unit>{UNIT})(?![^\W\d_])", re.IGNORECASE)
_ADVERB = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<_{place}>{words})" for place, words in enumerate(_ADVERBS.values())) + r")(?!\w)",
    re.IGNORECASE,
)

DAYS = {"day": 1, "week": 7, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}
"""How many days a unit has on average, in the Julian year of 365.25 days."""


def unit_of(word: str) -> str:
    """Return the English unit a word of time means ("Wochen" is "week"). Raises KeyError for another word."""
    for unit, words in _UNIT_WORDS.items():
        if words.fullmatch(word):
            return unit
    raise KeyError(word)


def find_period(text: str) -> tuple[str, int, int] | None:
    """Find what something is counted by: ("per month", start, end) for "a month", "/Monat", "mensuel", "p.m."."""
    every, adverb = _EVERY.search(text), _ADVERB.search(text)
    if every and (not adverb or every.start() <= adverb.start()):
        return f"per {unit_of(every['unit'])}", every.start(), every.end()
    if adverb and adverb.lastgroup:
        return list(_ADVERBS)[int(adverb.lastgroup[1:])], adverb.start(), adverb.end()
    return None
