"""What of an intake stands in which column of a table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from apps.onboarding.rules.answers import ALIASES, fold_key, question_of
from apps.onboarding.rules.cleaning import clean

CLIENT_COLUMNS = {
    "name": "the client's; needed",
    "country": "two capital letters, such as IE; needed",
    "currency": "three capital letters, such as EUR; needed",
    "time_zone": "such as Europe/Dublin; needed",
    "contact_email": "",
}
FORM_VERSION = "form_version"
COLUMNS = CLIENT_COLUMNS | {
    FORM_VERSION: "which edition of the form was answered; needed",
    **{question: "" for question in ALIASES if question != "client_name"},
    "primary_offer": "what is sold; no brief without it",
    "objective": "what should be reached; no brief without it",
    "target_audience": "who should buy; no brief without it",
}
"""The columns of a template with a hint each; a question may be asked under any of its names."""

_NEEDED = ("name", "country", "currency", "time_zone", FORM_VERSION)
_CLIENT_ALIASES = {"timezone": "time_zone", "email": "contact_email", "e_mail": "contact_email"}


class WrongColumns(Exception):
    """A table has other columns than the intake form. `problems` says it in sentences."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def column_of(heading: str) -> str | None:
    """Return the column that a heading means, whatever its spelling; None where it means none."""
    folded = fold_key(heading)
    column = _CLIENT_ALIASES.get(folded, folded)
    return column if column in (*CLIENT_COLUMNS, FORM_VERSION) else question_of(folded)


def check_columns(headings: Sequence[str]) -> None:
    """Raise WrongColumns where headings mean nothing, mean the same, or a column that is needed is missing."""
    meant = defaultdict(list)
    for heading in headings:
        meant[column_of(heading)].append(heading)
    problems = []
    if unknown := meant.pop(None, []):
        problems.append(f"These columns are not of the intake form: {', '.join(name[:60] for name in unknown)}.")
    problems += [f"{' and '.join(same)} ask the same. Keep one." for same in meant.values() if len(same) > 1]
    if missing := [column for column in _NEEDED if column not in meant]:
        problems.append(f"These columns are missing: {', '.join(missing)}.")
    if problems:
        raise WrongColumns(tuple(problems))


def path_of(heading: str) -> tuple[str, ...]:
    """Return where in a submission a column belongs; an answer keeps its name, which may say more (`budget_total`)."""
    column = column_of(heading)
    if column in CLIENT_COLUMNS:
        return "client", column
    return (FORM_VERSION,) if column == FORM_VERSION else ("answers", fold_key(heading))


def submission_of(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a row's texts by heading in the shape of a submission; empty cells are no answers."""
    submission: dict[str, Any] = {"client": {}, "answers": {}}
    for heading, text in row.items():
        if said := clean(text):
            *parents, name = path_of(heading)
            place = submission[parents[0]] if parents else submission
            place[name] = said
    return submission
