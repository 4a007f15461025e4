"""Files in the media storage: staged under a temporary key, then moved to their final one. Keys are ours alone."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

STAGED = "tmp"
FINAL = "packages"


class _MovableFile(File):
    """A stored file that a file-system storage may rename into place instead of copying it."""

    def temporary_file_path(self) -> str:
        return self.file.name


def stage(prefix: str, contents: Mapping[str, bytes]) -> None:
    """Write files under a temporary prefix; when one cannot be written, none stays. Raises OSError."""
    try:
        for name, content in contents.items():
            default_storage.save(f"{prefix}/{name}", ContentFile(content))
    except OSError:
        remove_folder(prefix)
        raise


def move(source: str, target: str) -> bool:
    """Move a file over whatever the target holds; return False when there is no source (it was moved before)."""
    try:
        with default_storage.open(source) as stored:
            default_storage.delete(target)
            saved_as = default_storage.save(target, _MovableFile(stored.file))
    except FileNotFoundError:
        return False
    if saved_as != target:
        raise FileExistsError(f"{target} came into being while {source} was moved there; it is now at {saved_as}.")
    default_storage.delete(source)
    return True


def exists(key: str) -> bool:
    """Say whether a file is there."""
    return default_storage.exists(key)


def read(key: str) -> bytes:
    """Return a file's bytes. Raises FileNotFoundError."""
    with default_storage.open(key) as stored:
        return stored.read()


def list_files(folder: str) -> Iterator[str]:
    """Yield the keys of all files under a folder, at any depth; nothing when there is no such folder."""
    folders, names = _children(folder)
    yield from (f"{folder}/{name}" for name in names)
    for inner in folders:
        yield from list_files(f"{folder}/{inner}")


def list_folders(folder: str) -> list[str]:
    """Return the keys of the folders directly under a folder."""
    return [f"{folder}/{name}" for name in _children(folder)[0]]


def modified_at(key: str) -> datetime | None:
    """Return when a file was written, aware; None when it is gone."""
    try:
        return default_storage.get_modified_time(key)
    except FileNotFoundError:
        return None


def remove_file(key: str) -> None:
    """Remove a file; nothing happens when it is gone."""
    default_storage.delete(key)


def remove_folder(folder: str) -> None:
    """Remove a folder with all that is in it; nothing happens when it is gone."""
    folders, names = _children(folder)
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    for inner in folders:
        remove_folder(f"{folder}/{inner}")
    remove_empty(folder)


def remove_empty(folder: str) -> None:
    """Remove a folder if nothing is in it."""
    if default_storage.exists(folder) and _children(folder) == ([], []):
        default_storage.delete(folder)


def _children(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, names = default_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    return sorted(folders), sorted(names)
