"""The chain's process: journal, store, desk, sources, outbox and front door, put together and taken apart in the right order."""

import asyncio
import random
import signal
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog

from handlers.faults import LeaseHeld, LeaseLost, SchemaUnknown, StoreUnavailable
from handlers.store import Store
from ingest.journal import Journal, JournalDamaged, JournalHeld
from rules.definition import RulePack
from rules.model import PackActivation
from rules.pack import PackError, read_pack
from shouwang import recovery
from shouwang.clock import system_now
from shouwang.desk import Bells, Desk
from shouwang.door import open_doors
from shouwang.exits import Exit
from shouwang.housekeeping import Housekeeping
from shouwang.lease import LeaseKeeper
from shouwang.outward import Outward
from shouwang.settings import Settings, prepare_folder
from shouwang.sources import open_mqtt
from shouwang.stumbles import Stumbles

log = structlog.get_logger(__name__)

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
        pack_text = settings.pack.read_text(encoding="utf-8")
        pack = reader(pack_text, str(settings.pack))
    except (OSError, PackError) as fault:
        log.error("pack_refused", detail=str(fault), todo="Mend the pack; 'shouwang rules check' lists every fault.")  # noqa: TRY400
        return Exit.USAGE
    loop = asyncio.get_running_loop()
    end = _End(asyncio.Event(), loop)
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, end.ask)
    activation = PackActivation(id=f"pack-{pack.digest}", pack=pack.id, version=pack.version, digest=pack.digest, text=pack_text)
    try:
        await _run(settings, activation, reader, end)
    except (LeaseHeld, JournalHeld) as fault:
        log.error("taken", detail=str(fault), todo="Only one instance may write. Stop the other one, or use another data folder.")  # noqa: TRY400
        return Exit.TAKEN
    except (recovery.JournalBehindStoreError, SchemaUnknown, JournalDamaged) as fault:
        log.error("damaged", detail=str(fault))  # noqa: TRY400 - the text says what to do
        return Exit.DAMAGED
    except LeaseLost as fault:
        log.error("lease_lost", detail=str(fault))  # noqa: TRY400 - the text says what to do
        return Exit.FAULT
    if end.fault is not None:
        log.error("stopped_on_fault", detail=repr(end.fault), exc_info=end.fault)
        return Exit.FAULT
    return Exit.OK


async def _run(settings: Settings, activation: PackActivation, reader: PackReader, end: _End) -> None:
    async with AsyncExitStack() as stack:
        journal = Journal(settings.data / "journal", clock=system_now)
        stack.callback(journal.close)
        store = Store(settings.database)
        stack.callback(store.close)
        lease = await _open_store(store, settings, end)
        stack.callback(lease.release)
        stumbles = Stumbles(settings.data / "stumbles.json")
        recovered = recovery.recover(journal, store, reader, stumbles)
        recovery.journal_news(journal, recovered, stumbles, activation)
        chance = random.Random()  # noqa: S311 - for scattering retries, not for secrets
        outward = Outward(settings, store, lease.epoch, chance)
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
        source = await stack.enter_async_context(open_mqtt(settings, desk, end.fatal, chance))
        await stack.enter_async_context(open_doors(settings, desk, journal, source, outward, keeping.note_redriven))
        await stack.enter_async_context(keeping.running(end.fatal))
        log.info("chain_ready", data=str(settings.data), pack=activation.pack, version=activation.version, epoch=lease.epoch)
        await end.event.wait()
        log.info("chain_stopping")


async def _open_store(store: Store, settings: Settings, end: _End) -> LeaseKeeper:
    """Migrate and take the lease; a database that is not up yet is waited for."""
    holder = f"{socket.gethostname()}:{settings.socket.parent}"
    loop = asyncio.get_running_loop()
    deadline = loop.time() + STORE_WAIT_S
    while True:
        try:
            await asyncio.to_thread(store.migrate)
            return LeaseKeeper(store, holder, settings.lease_ttl_s)
        except StoreUnavailable as fault:
            if loop.time() > deadline or end.event.is_set():
                raise
            log.warning("waiting_for_store", detail=str(fault))
            await asyncio.sleep(0.5)
