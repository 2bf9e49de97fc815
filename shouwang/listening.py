"""The front door's sockets: opened before anything is served, so that a refusal can say what is in the way."""

import os
import socket
from functools import lru_cache
from pathlib import Path
from typing import Final

BACKLOG: Final = 256
_PATH_MAX: Final = 107  # bytes; what the kernel's address of a unix socket holds
_HANDLES: Final = Path("/proc/self/fd")  # Linux: the folders and files that this process holds open, by short names


class CannotListenError(RuntimeError):
    """The address cannot be had; the message says which, why, and what to do."""


def address_of(path: Path) -> str:
    """Where a unix socket is bound and reached. A path too long for the kernel is shortened: it goes by a handle of its folder.

    Raises CannotListenError where the folder cannot be opened, or the system has no such handles.
    """
    if len(os.fsencode(path)) <= _PATH_MAX:
        return str(path)
    if not _HANDLES.is_dir():
        raise CannotListenError(
            f"{path} is too long for a socket (at most {_PATH_MAX} bytes): name a shorter data folder, --data"
        )
    try:
        return str(_HANDLES / str(_handle_of(path.parent)) / path.name)
    except OSError as fault:
        raise CannotListenError(f"the socket {path} cannot be reached: {fault}; see that its folder is there") from fault


@lru_cache(maxsize=64)
def _handle_of(folder: Path) -> int:
    """An open handle of this folder, for as long as the process lives."""
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)


def listen_unix(path: Path) -> socket.socket:
    """A socket that only our own user can connect to, from its first moment on. What an earlier life left there goes."""
    address = address_of(path)
    made = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        path.unlink(missing_ok=True)
        made.bind(address)
        made.listen(BACKLOG)
    except OSError as fault:
        made.close()
        raise CannotListenError(f"the socket {path} cannot be made: {fault}; see the rights of its folder") from fault
    finally:
        os.umask(before)
    return made


def listen_tcp(host: str, port: int, setting: str = "SHOUWANG_FRONT_DOOR__PORT") -> socket.socket:
    """A listening TCP socket; port 0 takes any free one. ``setting`` is where another port can be set."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except OSError as fault:
        made.close()
        raise CannotListenError(f"{host}:{port} cannot be listened on: {fault}. Set another {setting}") from fault
    return made
