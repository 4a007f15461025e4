"""How wide columns are."""

from apps.delivery.rules.markdown import Table, plain_text

_WIDEST_WORD = 16
_LONGEST_TEXT = 220


def column_weights(table: Table) -> tuple[float, ...]:
    """Return the widths of a table's columns relative to each other.

    A column is at least as wide as its longest word asks for (up to 16 letters), and grows with the square root of its
    average text, so that a column of sentences does not starve a column of dates.
    """
    columns = zip(table.head, *table.rows, strict=True)
    return tuple(_weight([plain_text(cell) for cell in column]) for column in columns)


def _weight(texts: list[str]) -> float:
    longest_word = max((len(word) for text in texts for word in text.split(" ")), default=1)
    average = sum(min(len(text), _LONGEST_TEXT) for text in texts) / len(texts)
    return round(max(5.0, min(longest_word, _WIDEST_WORD) * 1.15, 3.2 * average**0.5), 2)
