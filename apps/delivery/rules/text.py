"""Client text, made to read well where it is printed."""

from apps.shared.text import one_line


def shorten(text: str, most: int) -> str:
    """Return at most `most` characters: whole sentences where one ends in time, else whole words and an ellipsis."""
    text = one_line(text)
    if len(text) <= most:
        return text
    sentence_end = max(text.rfind(mark, 0, most) for mark in (". ", "! ", "? ", "; "))
    if sentence_end >= most // 2:
        return text[: sentence_end + 1].rstrip(";")
    head = text[: most - 1]
    word_end = head.rfind(" ")
    return (head[:word_end] if word_end >= most // 2 else head).rstrip(" ,;:–-") + "…"


def sentence(text: str) -> str:
    """Return one line that starts with a capital and ends with a mark; brands written small stay so only inside."""
    text = one_line(text)
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…:" else ".")


def capitalised(text: str) -> str:
    """Return one line whose first letter is a capital; the rest stays as it is."""
    text = one_line(text)
    return text[:1].upper() + text[1:]
