"""Where residents' photographs lie: a folder of their own in the data folder, under names that nobody can guess, for 30 days.

No name comes from outside and none says whose it is. The folder has a bound: when it is full nothing more is taken, so that
nobody can push out what others have sent, and the reports themselves go on.
"""

import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard.photo_bytes import Photo

KEPT_S: Final = 30 * 86_400
"""As long as a tracking code is good for."""
TOTAL_MAX: Final = 1_000_000_000
COUNT_MAX: Final = 5_000
MEDIA_TYPES: Final = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
PHOTO_PATH: Final = "/v1/photos/"
_NAME: Final = re.compile(r"[0-9a-f]{32}\.(?:jpg|png|webp)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoStore:
    """The photographs in ``folder``, made when the first comes. ``chance`` gives so many random bytes as hexadecimal text."""

    folder: Path
    chance: Callable[[int], str] = secrets.token_hex
    total_max: int = TOTAL_MAX
    count_max: int = COUNT_MAX

    def keep(self, photo: Photo, now: int) -> str | None:
        """Keep it, and give the name by which ``read`` finds it; None where there is no room. Raises OSError of a sick disk."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        total, count = self.purge(now)
        if total + len(photo.data) > self.total_max or count >= self.count_max:
            return None
        name = f"{self.chance(16)}.{photo.sort}"
        path = self.folder / name
        try:
            with open(path, "xb", opener=_private) as file:
                file.write(photo.data)
            os.utime(path, (now / 1000, now / 1000))  # by the desk's clock, as all that is told of time
        except OSError:
            path.unlink(missing_ok=True)  # half of it is of use to nobody, and would take room for 30 days
            raise
        return name

    def read(self, name: str, now: int) -> bytes | None:
        """Its bytes; None where there is none of this name, or no longer."""
        if not _NAME.fullmatch(name):
            return None
        try:
            path = self.folder / name
            return None if _is_old(path, now) else path.read_bytes()
        except FileNotFoundError:
            return None

    def purge(self, now: int) -> tuple[int, int]:
        """Delete what is too old; how many bytes (of how many photographs) are left. ``now`` in ms."""
        total = count = 0
        for path in sorted(self.folder.glob("*.*")) if self.folder.is_dir() else ():
            with suppress(FileNotFoundError):  # another thread deletes as well
                if _is_old(path, now):
                    path.unlink()
                else:
                    total, count = total + path.stat().st_size, count + 1
        return total, count


def _is_old(path: Path, now: int) -> bool:
    return path.stat().st_mtime * 1000 < now - KEPT_S * 1000


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
