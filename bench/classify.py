"""How well replies are understood: the labelled set of apps/cam/tests/data, class by class."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from apps.cam.rules.classify import classify
from apps.cam.rules.mails import read_whatever
from apps.cam.tests.labelled import DATA, labelled_replies, raw_mail
from bench.goals import Figure

CLASSES = ("POSITIVE", "NEGATIVE", "OUT_OF_OFFICE", "BOUNCE", "UNSUBSCRIBE", "NEUTRAL")


def classify_figures() -> Iterator[Figure]:
    """Classify the labelled replies and bounces, and print precision and recall of each class."""
    replies = labelled_replies()
    known = [reply for reply in replies if not reply["held_out"]]
    unknown = [reply for reply in replies if reply["held_out"]]
    yield from _replies("replies that rules were written for", known, accuracy=0.95, abstained=0.05)
    yield from _replies("replies held out", unknown, accuracy=0.75, abstained=0.25)
    yield from _bounces()
    yield _speed(replies)


def _replies(what: str, replies: list[dict[str, Any]], *, accuracy: float, abstained: float) -> Iterator[Figure]:
    pairs = Counter((reply["class"], classify(read_whatever(raw_mail(reply))).kind) for reply in replies)
    print(f"\n  {what + ', ' + str(len(replies)):<46}{'precision':>10}{'recall':>8}{'of':>5}")
    for kind in CLASSES:
        right = pairs[kind, kind]
        said = sum(count for (_, found), count in pairs.items() if found == kind)
        there = sum(count for (label, _), count in pairs.items() if label == kind)
        if there:
            print(f"  {kind:<46}{right / max(said, 1):>10.3f}{right / there:>8.3f}{there:>5}")
    right = sum(count for (label, found), count in pairs.items() if label == found)
    silent = sum(count for (label, found), count in pairs.items() if label != found == "NEUTRAL")
    people = sum(count for (label, _), count in pairs.items() if label != "BOUNCE")
    false_alarms = sum(count for (label, found), count in pairs.items() if label != "BOUNCE" == found)
    yield Figure(f"{what}, accuracy", right / len(replies), accuracy, at_least=True)
    yield Figure(f"{what}, abstained on", silent / len(replies), abstained)
    yield Figure(f"{what}, decided wrongly", (len(replies) - right - silent) / len(replies), 0.05)
    yield Figure(f"{what}, taken for bounces", false_alarms / people, 0.01)


def _bounces() -> Iterator[Figure]:
    files = [file for file in (DATA / "bounces").glob("*.eml") if file.name.startswith(("hard", "soft"))]
    found = {file: classify(read_whatever(file.read_bytes())) for file in files}
    known = [file for file in files if found[file].kind == "BOUNCE"]
    right = sum(file.name.startswith(found[file].bounce or "none") for file in known)
    yield Figure(f"bounces of {len(files)} kinds recognised", len(known) / len(files), 0.95, at_least=True)
    yield Figure(f"bounces of {len(files)} kinds, hard from soft", right / len(known), 0.9, at_least=True)


def _speed(replies: list[dict[str, Any]]) -> Figure:
    mails = [raw_mail(reply) for reply in replies]
    began = time.monotonic()
    for mail in mails:
        classify(read_whatever(mail))
    return Figure("mails classified a second", len(mails) / (time.monotonic() - began), 400, at_least=True)
