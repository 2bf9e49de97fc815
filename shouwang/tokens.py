"""The secrets of an installation: made at first use, kept in files that only the service's user can read."""

import os
import secrets
from pathlib import Path

from shouwang.settings import Settings, SettingsError

LENGTH_MIN = 20
"""A shorter text is no token: an empty file would else be a key that everybody has."""


def token(settings: Settings, name: str) -> str:
    """The token of this name. Two processes that ask at once get the same. Raises SettingsError for a file that holds none."""
    file = settings.data / name
    if not file.exists():
        _make(file)
    try:
        found = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError(f"The token in {file} cannot be read: {fault}. Mend its rights, or delete it.") from None
    if len(found) < LENGTH_MIN:
        raise SettingsError(f"The file {file} holds no token. Delete it: a new one is made at the next start.")
    return found


def _make(file: Path) -> None:
    """Write the whole file under another name first: nobody ever reads half a token, not even after a power cut."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write("sw_" + secrets.token_urlsafe(32) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        return  # another process was first, and its token is the one
    finally:
        fresh.unlink()
