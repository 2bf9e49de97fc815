"""Whether the ports that a start needs can be had, looked at before anything is started; and what is said where one cannot.

The look holds nothing: a port may be lost between it and the start. The role that meets that ends with the same exit code, and
the look is taken again to say which port it was.
"""

import errno
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from ingest.journal import JournalHeld, hold_folder
from shouwang.exits import Exit
from shouwang.settings import Settings, SettingsError
from shouwang.sources import configured_routes

WEB: Final = "web"
CHAIN: Final = "chain"
_LOST: Final = (
    "启动时所需的端口、数据目录或数据库正被别的程序使用，服务已停止；原因见上面的日志。  "
    "A port, the data folder or the database was taken by another program while this started, so it ended: see the log above."
)


@dataclass(frozen=True, slots=True)
class Port:
    """An address to listen on, and the settings that name its port and its host."""

    host: str
    number: int
    port_setting: str
    host_setting: str

    def __str__(self) -> str:
        return f"[{self.host}]:{self.number}" if ":" in self.host else f"{self.host}:{self.number}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a start is not tried: one line in both languages, and the exit code."""

    said: str
    code: Exit


def ports_of(settings: Settings, roles: Iterable[str]) -> tuple[Port, ...]:
    """The ports that these roles listen on; 0, any free one, is none. Faulty routes are told by the chain."""
    found: list[Port] = []
    if WEB in roles:
        found.append(Port(settings.web.host, settings.web.port, "SHOUWANG_WEB__PORT", "SHOUWANG_WEB__HOST"))
    if CHAIN in roles:
        door = settings.front_door
        if door.is_tcp:
            found.append(Port(door.host, door.port, "SHOUWANG_FRONT_DOOR__PORT", "SHOUWANG_FRONT_DOOR__HOST"))
        found += _ports_of_routes(settings)
    return tuple(port for port in found if port.number)


def refusals(settings: Settings, roles: Sequence[str]) -> tuple[Refusal, ...]:
    """What stands in the way of a start, one for each port that cannot be had; empty where all can."""
    found: list[Refusal] = []
    held: list[Port] = []
    with ExitStack() as stack:
        for port in ports_of(settings, roles):
            try:
                stack.enter_context(socket.create_server((port.host, port.number), family=_family(port), backlog=1))
                held.append(port)
            except OSError as fault:
                twin = next((other for other in held if other.number == port.number), None)
                found.append(_refusal(settings, port, twin, fault))
    return tuple(found)


def lost(settings: Settings, roles: Sequence[str]) -> tuple[Refusal, ...]:
    """What a start lost after all, when a role ended because something was taken."""
    return refusals(settings, roles) or (Refusal(_LOST, Exit.TAKEN),)


def _ports_of_routes(settings: Settings) -> Iterator[Port]:
    try:
        routes = configured_routes(settings)
    except SettingsError:
        return
    for route in routes:
        if route.listen is not None:
            where = f"routes.{route.name}.listen"
            yield Port(
                route.listen.host, route.listen.port, f"{where}.port ({settings.routes})", f"{where}.host ({settings.routes})"
            )


def _family(port: Port) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in port.host else socket.AF_INET


def _refusal(settings: Settings, port: Port, twin: Port | None, fault: OSError) -> Refusal:
    if fault.errno == errno.EADDRINUSE and twin is not None:
        zh = f"{port.port_setting} 与 {twin.port_setting} 是同一个端口 {port}：请改其中一个。"
        return Refusal(
            f"{zh}  {port.port_setting} and {twin.port_setting} are the same port {port}: change one of them.", Exit.USAGE
        )
    if fault.errno == errno.EADDRINUSE:
        zh_who, en_who = _holder(settings)
        zh = f"端口 {port} 已被{zh_who}占用：先停掉它，或把 {port.port_setting} 改为别的端口。"
        return Refusal(f"{zh}  Port {port} is taken by {en_who}: stop that, or set another {port.port_setting}.", Exit.TAKEN)
    if fault.errno in {errno.EACCES, errno.EPERM}:
        zh = f"本用户无权使用端口 {port}：请把 {port.port_setting} 改为 1024 以上的端口。"
        return Refusal(f"{zh}  This user may not listen on {port}: set {port.port_setting} to one above 1024.", Exit.USAGE)
    zh = f"本机不能在 {port} 监听（{fault.strerror}）：请改正 {port.host_setting}。"
    return Refusal(f"{zh}  This machine cannot listen on {port} ({fault.strerror}): correct {port.host_setting}.", Exit.USAGE)


def _holder(settings: Settings) -> tuple[str, str]:
    """Who has it, in both languages: the service of this data folder, which runs already, or somebody else."""
    folder = settings.data / "journal"
    if folder.is_dir():
        try:
            hold_folder(folder).close()
        except JournalHeld:
            return "本数据目录已在运行的守望服务", "the Shouwang of this data folder, which is running already"
    return "另一个程序", "another program"
