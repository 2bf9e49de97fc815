"""The demonstration's own broker: nats-server from a wheel, with its MQTT listener on loopback and a random password.

It delivers again what was not acknowledged, which small brokers in Python do not (docs/decisions). Production uses Mosquitto.
"""

import asyncio
import secrets
import shutil
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from simulator.broker import Broker

READY_S = 15.0

_CONFIG = """\
server_name: shouwang_demo
listen: "127.0.0.1:{port}"
max_payload: 1MB
jetstream {{ store_dir: "{folder}", max_file: 1GB, max_mem: 64MB }}
authorization {{ users: [ {{ user: "demo", password: "{password}" }} ] }}
mqtt {{ listen: "127.0.0.1:{mqtt_port}", ack_wait: "5s", max_ack_pending: 2000 }}
"""


class BrokerMissingError(RuntimeError):
    """No embedded broker is installed on this machine; the message says what to do."""


@asynccontextmanager
async def embedded_broker(folder: Path) -> AsyncIterator[Broker]:
    """Start the broker, wait until it listens, and end it with the block."""
    program = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")
    if program is None:
        raise BrokerMissingError(
            "The demonstration's broker is not installed: pip install 'shouwang[demo]', or name your own: --broker mqtt://host:1883\n"
            "缺少演示用消息服务器：请安装 'shouwang[demo]'，或用 --broker 指定已有的。"
        )
    password, mqtt_port = secrets.token_urlsafe(18), free_port()
    config = _configure(folder, password, mqtt_port)
    process = await asyncio.create_subprocess_exec(
        program, "-c", str(config), stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
    )
    try:
        await _until_listening(mqtt_port, process)
        yield Broker(host="127.0.0.1", port=mqtt_port, username="demo", password=password)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _configure(folder: Path, password: str, mqtt_port: int) -> Path:
    folder.mkdir(mode=0o700)
    config = folder / "nats.conf"
    config.touch(mode=0o600)
    text = _CONFIG.format(port=free_port(), folder=folder / "store", password=password, mqtt_port=mqtt_port)
    config.write_text(text, encoding="utf-8")
    return config


async def _until_listening(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(READY_S):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return
    raise BrokerMissingError("The demonstration's broker ended at once; another one can be named: --broker mqtt://host:1883")


def free_port() -> int:
    """A port on loopback that nobody listens on now, below those that the kernel gives to outgoing connections.

    Inside that range a client that knocks too early can be given the very port it knocks at, and then talks to itself.
    """
    while is_taken(port := 10_000 + secrets.randbelow(22_000)):
        pass
    return port


def is_taken(port: int) -> bool:
    """Whether somebody listens on this port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False
