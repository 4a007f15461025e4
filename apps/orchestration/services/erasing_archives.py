"""Erase a client or a person from the files of archived runs: a client's lines go, addresses in others' are replaced.

A file is written anew beside the old one and takes its place with its manifest, so that a kill leaves either whole.
"""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from apps.orchestration import gateways as files
from apps.orchestration.models import ArchivedRun
from apps.orchestration.queries.personal import Subject
from apps.shared.resilience import fault_point
from apps.shared.text import pattern_of


def erase_from_archives(subject: Subject, folder: Path, *, mark: str, request_id: UUID) -> tuple[int, list[str]]:
    """Take whom an erasure is about out of all files of a folder; return of how many runs, and which files are away.

    Done twice, it is done once. Raises FolderInUse while runs are being archived, and NotAsWritten for a file that
    cannot be read: both forbid to say that nothing is left.
    """
    known = set(ArchivedRun.objects.values_list("file", flat=True).distinct())
    if not folder.exists():
        return 0, sorted(known)
    change, count = _change_for(subject, mark), 0
    with files.used_alone(folder):
        for file in files.all_files(folder):
            count += files.rewrite(file, change, why=str(request_id))
            fault_point("erasure.archive", file.name)
    return count, sorted(known - {files.month_file_of(file).name for file in files.all_files(folder)})


def _change_for(subject: Subject, mark: str) -> Callable[[str], str | None]:
    """Make the function that gives what a run's line becomes; None, and it goes."""
    addresses = re.compile(pattern_of(subject.addresses), re.IGNORECASE)
    of_client = subject.client_id and str(subject.client_id)

    def change(line: str) -> str | None:
        if of_client and of_client in line and files.client_of(line) == of_client:
            return None
        return addresses.sub(mark, line)

    return change
