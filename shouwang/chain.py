"""The chain's process: journal, store, desk, sources, outbox and front door, put together and taken apart in the right order."""

import asyncio
import gc
import random
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

import structlog

from handlers.faults import LeaseHeld, StoreUnavailable
from handlers.store import Store
from ingest.journal import Journal
from rules.definition import RulePack
from rules.model import PackActivation
from rules.pack import PackError, read_pack
from shouwang import recovery
from shouwang.bridges import open_bridges
from shouwang.clock import system_now
from shouwang.desk import Bells, Desk
from shouwang.door import open_doors
from shouwang.exits import Exit
from shouwang.housekeeping import Housekeeping
from shouwang.lease import LeaseKeeper
from shouwang.outward import Outward
from shouwang.pack_files import PackFiles, load_pack
from shouwang.pulls import open_pulls
from shouwang.recalling import open_recalls
from shouwang.refusals import exit_code_of
from shouwang.settings import Settings, SettingsError, prepare_folder
from shouwang.shadow_wanted import marking
from shouwang.sources import open_mqtt, open_routes
from shouwang.stumbles import Stumbles

log = structlog.get_logger(__name__)
_Made = TypeVar("_Made")

STORE_WAIT_S = 60.0
"""How long a start waits for a database that is starting too (after a power cut both come up together)."""


class PackReader:
    """Reads each pack text once: a start needs the same one to check it, and to go on with what the snapshot says."""

    def __init__(self) -> None:
        self._known: dict[str, RulePack] = {}

    def __call__(self, text: str, name: str = "<pack>") -> RulePack:
        """The pack, or PackError with every fault."""
        if text not in self._known:
            self._known[text] = read_pack(text, name)
        return self._known[text]

    def read_files(self, files: PackFiles) -> RulePack:
        """The pack in these files, each fault with the path of its file."""
        return self._known.setdefault(files.text, files.read())


@dataclass(slots=True)
class _End:
    """Why the process ends."""

    event: asyncio.Event
    loop: asyncio.AbstractEventLoop
    fault: BaseException | None = None

    def ask(self) -> None:
        """End in order."""
        self.event.set()

    def fatal(self, fault: BaseException) -> None:
        """End because of our own fault; may be called from any thread."""
        self.fault = self.fault or fault
        self.loop.call_soon_threadsafe(self.event.set)


async def run_chain(settings: Settings) -> int:
    """Run until told to stop. Returns an exit code; every refusal to start says what to do."""
    prepare_folder(settings)
    reader = PackReader()
    try:
        files = load_pack(settings.pack)
        pack = reader.read_files(files)
    except PackError as fault:
        log.error("pack_refused", detail=str(fault), todo="Mend the pack; 'shouwang rules check' lists every fault.")  # noqa: TRY400
        return Exit.USAGE
    loop = asyncio.get_running_loop()
    end = _End(asyncio.Event(), loop)
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, end.ask)
    activation = PackActivation(id=f"pack-{pack.digest}", pack=pack.id, version=pack.version, digest=pack.digest, text=files.text)
    try:
        await _run(settings, activation, reader, end)
    except Exception as fault:  # noqa: BLE001 - this is the end of the process: it is told, and becomes the exit code
        return exit_code_of(fault)
    return Exit.OK


async def _run(settings: Settings, activation: PackActivation, reader: PackReader, end: _End) -> None:
    async with AsyncExitStack() as stack:
        readers = open_routes(settings)
        journal = Journal(settings.data / "journal", clock=system_now)
        stack.callback(journal.close)
        store = _made(lambda: Store(settings.database))
        stack.callback(store.close)
        lease = await _open_store(store, settings, end)
        if lease is None:
            return
        stack.callback(lease.release)
        stumbles = Stumbles(settings.data / "stumbles.json")
        with _nothing_to_collect():
            recovered = recovery.recover(journal, store, reader, stumbles)
        recovery.journal_news(journal, recovered, stumbles, activation)
        chance = random.Random()  # noqa: S311 - for scattering retries, not for secrets
        outward = _made(lambda: Outward(settings, store, lease.epoch, chance, journal.now))
        keeping = Housekeeping(store, lease.epoch, journal, clock=system_now, journal_keep_days=settings.journal_keep_days)
        desk = Desk(
            journal=journal,
            store=store,
            lease=lease,
            recovered=recovered,
            routes=outward.routes,
            stumbles=stumbles,
            bells=Bells(
                on_fatal=end.fatal,
                on_owed=outward.wake,
                on_critical_while_degraded=outward.deliver_degraded,
            ),
        )
        desk.start()
        stack.push_async_callback(asyncio.to_thread, desk.stop)
        await stack.enter_async_context(outward.running(desk, end.fatal))
        before = open_recalls(readers, settings.data / "journal", journal.last_position(), end.fatal)
        await stack.enter_async_context(before)
        source = await stack.enter_async_context(open_mqtt(settings, desk, end.fatal, chance, readers))
        await stack.enter_async_context(open_bridges(readers, desk, end.fatal))
        await stack.enter_async_context(open_pulls(readers, desk, settings.data, chance, end.fatal))
        doors = open_doors(settings, desk, journal, source, outward, keeping, end.fatal, reader)
        await stack.enter_async_context(doors)
        await stack.enter_async_context(keeping.running(end.fatal))
        await stack.enter_async_context(marking(desk, settings.data, end.fatal))
        log.info("chain_ready", data=str(settings.data), pack=activation.pack, version=activation.version, epoch=lease.epoch)
        await end.event.wait()
        if end.fault is not None:
            raise end.fault
        log.info("chain_stopping")


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """What a start builds lives as long as the process: looking for garbage in it took a third of the time of a recovery.

    It is not looked through later either, when it would hold up an alarm.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _made(make: Callable[[], _Made]) -> _Made:
    """What is made from the settings alone. Raises SettingsError where it cannot be."""
    try:
        return make()
    except (ValueError, OSError) as fault:  # an address, a certificate's file
        raise SettingsError(str(fault)) from fault


async def _open_store(store: Store, settings: Settings, end: _End) -> LeaseKeeper | None:
    """Migrate and take the lease; None when we are told to end meanwhile.

    A database that is not up yet is waited for, and so is the end of our own last life's lease: whoever has our folder, as we
    do now, and our name can only have been we.
    """
    holder = f"{socket.gethostname()}:{settings.socket.parent}"
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    is_told = False
    while not end.event.is_set():
        reason: StoreUnavailable | LeaseHeld
        try:
            await asyncio.to_thread(store.migrate)
            return LeaseKeeper(store, holder, settings.lease_ttl_s)
        except StoreUnavailable as fault:
            reason, limit_s = fault, STORE_WAIT_S
        except LeaseHeld as fault:
            reason, limit_s = fault, settings.lease_ttl_s + 1.0 if fault.holder == holder else 0.0
        if loop.time() - began_s > limit_s:
            raise reason
        if not is_told:
            log.warning("waiting_for_store", detail=str(reason))
            is_told = True
        await asyncio.sleep(0.5)
    return None
