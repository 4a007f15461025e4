"""What may be kept as an example: text of substance, about this client, without leftovers of making it."""

import re

SHORTEST = 300
_PLACEHOLDERS = re.compile(
    r"\{\{|\}\}|\[(?:insert|brand|client|your|name|company)[^\]]*\]|\blorem ipsum\b|\bto be determined\b|\bTBD\b"
    r"|\bplaceholder\b|will be populated|hook idea for day|generic persona|example objective",
    re.IGNORECASE,
)
_GENERICS = re.compile(r"\byour (?:industry|brand|business|company|product|niche)\b", re.IGNORECASE)
_ERRORS = re.compile(
    r"\bTODO\b|\bFIXME\b|Traceback \(most recent|\b(?:\w+Error|Exception): |\b(?:None|null|undefined)\b"
)
_LEGAL_FORM = re.compile(
    r"[,\s]+(?:GmbH|AG|UG|KG|SE|Ltd|Limited|LLC|LLP|Inc|PLC|SAS?|SARL|SL|Srl|BV|Oy|AB|ApS)\b\.?.*$", re.IGNORECASE
)


def gate_problem(text: str, brand: str) -> str:
    """Say why a section may not be kept as an example; "" for one that may.

    It names its client, holds no placeholder, nothing that fits any client, no words of a program that failed, and is
    three hundred characters long.
    """
    name = _LEGAL_FORM.sub("", brand).strip()
    checks = (
        (len(text.strip()) < SHORTEST, f"shorter than {SHORTEST} characters"),
        (bool(_PLACEHOLDERS.search(text)), "holds a placeholder"),
        (bool(_GENERICS.search(text)), "speaks of anybody's industry or brand"),
        (bool(_ERRORS.search(text)), "holds words of a program"),
        (name.lower() not in text.lower(), "does not name the client"),
    )
    return next((problem for is_so, problem in checks if is_so), "")
