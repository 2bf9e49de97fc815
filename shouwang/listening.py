"""The front door's sockets: opened before anything is served, so that a refusal can say what is in the way."""

import contextlib
import os
import socket
from pathlib import Path

BACKLOG = 256
_PATH_MAX = 107  # bytes; what the kernel's address of a unix socket holds


class CannotListenError(RuntimeError):
    """The address cannot be had; the message says which, why, and what to do."""


def listen_unix(path: Path) -> socket.socket:
    """A socket that only our own user can connect to, from its first moment on. What an earlier life left there goes."""
    if len(os.fsencode(path)) > _PATH_MAX:
        raise CannotListenError(
            f"{path} is too long for a socket (at most {_PATH_MAX} bytes): name a shorter data folder, --data"
        )
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    made = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        made.bind(str(path))
        made.listen(BACKLOG)
    except OSError as fault:
        made.close()
        raise CannotListenError(f"the socket {path} cannot be made: {fault}; see the rights of its folder") from fault
    finally:
        os.umask(before)
    return made


def listen_tcp(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes any free one."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except OSError as fault:
        made.close()
        raise CannotListenError(f"{host}:{port} cannot be listened on: {fault}. Set another SHOUWANG_FRONT_DOOR__PORT") from fault
    return made
