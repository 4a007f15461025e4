"""Word lists of the rules, in one place: what every agency's text is full of, and what gives away an unfinished one."""


def word_set(words: str) -> frozenset[str]:
    """Return the words of a line as a set."""
    return frozenset(words.split())


CLICHES = (
    "today's digital age",
    "today's fast-paced world",
    "ever-evolving landscape",
    "content is king",
    "drive results",
    "tangible impact",
    "proven methodologies",
    "best practices",
    "industry-leading",
    "cutting-edge",
    "state-of-the-art",
    "leverage",
    "synergy",
    "game-changer",
    "think outside the box",
    "low-hanging fruit",
    "move the needle",
    "circle back",
    "touch base",
    "deep dive",
    "at the end of the day",
    "it is what it is",
    "boost your brand",
    "grow your business",
    "take it to the next level",
    "next-level",
    "unlock the potential",
    "unlock your potential",
    "data-driven insights",
    "seamless integration",
    "best-in-class",
    "one-stop shop",
    "win-win",
    "paradigm shift",
    "holistic approach",
    "thought leader",
    "value-added",
    "tailored solutions",
    "harness the power",
    "elevate your brand",
)
"""Phrases that say nothing about anybody. Common words of plain prose ("good", "help", "new") are not among them."""

ASSISTANT_TALK = {
    "as an ai": r"\bas an ai\b",
    "language model": r"\blanguage model\b",
    "my training data": r"\bmy training data\b",
    "knowledge cut": r"\bknowledge cut-?off\b",
    "i'm ": r"\bi'm (?:sorry|unable|not able)\b",
    "i am ": r"\bi am (?:sorry|unable|not able)\b",
    "i cannot": r"\bi cannot (?:help|assist|provide|fulfil)\w*",
    "certainly": r"^certainly[!,] (?:here|i|let)\b",
    "absolutely": r"^absolutely[!,] (?:here|i|let)\b",
    "of course": r"^of course[!,] (?:here|i|let)\b",
    "sure": r"^sure[!,] (?:here|i|let)\b",
    "here": r"\bhere(?:'s| is| are) (?:the|a|your|an) (?:revised|updated|rewritten|requested|draft)\b",
    "i hope this": r"\bi hope this helps\b",
    "let me know": r"\blet me know if you(?:'d| would)? (?:like|need|want)\b",
    "requested": r"\bas (?:you )?requested\b",
    "word count": r"\bword count\b",
    "prompt": r"\bsystem prompt\b|\bthe prompt above\b",
    "this section": r"\bthis section (?:will |aims to )?(?:outline|describe|explain|cover|provide|present)s?\b"
    r"|\bin this section,? we(?:'ll| will)?\b",
}
"""What a writing machine says to the person who asked it, which nobody meant for the client; each behind letters that a
text must hold to hold it, because looking for letters is quick."""

MACHINE_TELLS = {
    "delv": r"\bdelv(?:e|es|ing) into\b",
    "tapestry": r"\b(?:rich )?tapestry of\b",
    "testament": r"\b(?:a|stands as a) testament to\b",
    "in conclusion": r"\bin conclusion,",
    "in summary": r"\bin summary,",
    "in essence": r"\bin essence,",
    "it's ": r"\bit's (?:important|worth) (?:to note|noting)\b",
    "it is ": r"\bit is (?:important|worth) (?:to note|noting)\b",
    "not just": r"\bnot just [^.]{3,40}[,;–—-] ?(?:it's|but)\b",
    "navigat": r"\bnavigat(?:e|ing) the (?:complexities|landscape|world)\b",
    "landscape": r"\b(?:ever-changing|fast-paced|dynamic) landscape\b",
    "environment": r"\b(?:ever-changing|fast-paced|dynamic) environment\b",
    "foster": r"\bfoster(?:s|ing)? a sense of\b",
    "role": r"\bplays? a (?:crucial|pivotal|vital) role\b",
    "embark": r"\bembark on (?:a|your) journey\b",
}
"""Turns of phrase by which readers recognise text that no person edited."""

PLACEHOLDERS = {
    "{{": r"\{\{.*?\}\}",
    "{%": r"\{%.*?%\}",
    "${": r"\$\{\w+\}",
    "[": r"\[(?:insert|add|enter|your|name|brand|client|company|product|link|date|url|number|xx)\b[^\]]*\](?!\()"
    r"|\[(?-i:[A-Z][A-Z _/-]{2,})\](?!\()",
    "<": r"<(?:insert|your|name|brand|client|company|product)\b[^>]*>",
    "todo": r"\b(?-i:TODO)\b",
    "fixme": r"\b(?-i:FIXME)\b",
    "tbd": r"\b(?-i:TBD)\b",
    "tbc": r"\b(?-i:TBC)\b",
    "xxx": r"\b(?-i:XXX)\b",
    "lorem": r"\blorem ipsum\b",
    "dolor": r"\bdolor sit amet\b",
    "to be ": r"\bto be (?:determined|defined|confirmed later|filled in|added later)\b",
    "will be populated": r"\bwill be populated\b",
    "out later": r"\bfigure (?:it|this) out later\b",
    "hook idea": r"\bhook idea for day\b",
    " here": r"\byour (?:brand|company|business|product|name|logo|text|headline) here\b",
    "your industry": r"\b(?:in|for|of) your industry\b",
    "your product": r"\byour product(?: or |/)service\b",
    "generic persona": r"\bgeneric persona\b",
    "example objective": r"\bexample objective\b",
    "sample text": r"\bsample text\b",
    "dummy text": r"\bdummy text\b",
    "placeholder": r"\bplaceholder\b",
}
"""Marks of a hole that somebody meant to fill. Prose with "our" and "your" in it is none."""

EMPTY_TITLES = r"(?:pillar|campaign|persona|concept|theme|bucket|idea|segment)\s*#?\d{1,2}:?"
"""A heading or label that is nothing but a kind and a number."""

HTML_TAGS = word_set(
    "a abbr article audio b blockquote body br button canvas center code col div em embed font footer form h1 h2 h3 h4 "
    "h5 h6 head header hr html i iframe img input ins li link main meta nav object ol option p pre s script section "
    "select small span strike strong style sub sup svg table tbody td textarea tfoot th thead title tr u "
    "ul video"
)

DEAD_HOSTS = (
    r"(?<![\w.-])(?:www\.)?(?:example\.(?:com|org|net)|(?:your-?)(?:domain|website|site|company|brand)\.\w+|"
    r"(?:domain|website|yoursite)\.com|localhost|127\.0\.0\.1)(?![\w-])"
)
"""Hosts that stand for "put yours here"."""

GENERIC_HASHTAGS = word_set(
    "fun love summer happy instagood photooftheday beautiful picoftheday cute followme like4like instadaily amazing"
)

DOUBLING_ALLOWED = word_set("had that very so bye no ha is her dum knock bora")

LANGUAGE_MARKS = {
    "English": "the and of to is that for with you are this on it be as not or we have from at by an what your",
    "German": "der die das und ist nicht mit ein eine für auf den dem des zu von sie wir ich auch sich bei wird im",
    "French": "le la les et est pas avec un une pour sur des du de vous nous ce cette dans que qui au aux par",
    "Spanish": "el la los las y es no con un una para sobre del de usted que en su por se lo como más al",
    "Portuguese": "o a os as e é não com um uma para sobre do da de você que em seu por se no na mais ao",
    "Italian": "il lo la gli le e è non con un una per su del della di che in si nel alla sono più dei questo",
    "Dutch": "de het een en is niet met voor op van te dat die wij ik ook zijn bij wordt aan uw naar om er",
    "Polish": "i w na nie się z do jest to że o jak po dla od za są przez oraz ale czy który tym ich",
}
"""The commonest small words of each language we can tell apart."""
