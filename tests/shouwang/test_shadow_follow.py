"""The shadows' process: it hears what the live chain hears, tells nobody, and says what the draft would have done."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from handlers.shadow_book import ShadowBook, read_progress, read_told
from ingest.entries import Journaled
from ingest.journal import JournalDamaged
from rules.model import Entity, Event, EventClass, Fact
from shouwang import shadow_follow
from shouwang.casebook import opened_casebook
from shouwang.cli import app
from shouwang.exits import Exit
from shouwang.metrics import ShadowCollector, exposition
from shouwang.options import settings_or_exit
from shouwang.shadow_follow import Follower, follow
from shouwang.shadow_wanted import WANTED, marking, set_mark
from tests.shouwang.spine import NOON, Spine, activation, event, poison, smoke

LIVE = """
pack: small
version: "1.0.0"
title: {zh: 小规则包, en: Small pack}
parties:
  property: {title: {zh: 物业, en: Property}}
responders:
  guard_1: {title: {zh: 保安一, en: Guard one}, party: property, capabilities: [fire]}
hazards:
  fire: {title: {zh: 火灾, en: Fire}, life_safety: true}
plans:
  fire:
    title: {zh: 火灾预案, en: Fire plan}
    notify_on_alarm: [property]
    orders:
      - {capability: fire, task: {zh: 到场核实, en: Go and look}, clocks: {accepted: 60s}}
rules:
  smoke_detector:
    title: {zh: 烟感报警, en: Smoke detector}
    hazard: fire
    kinds: smoke
    alarms: [{level: red, state: "on"}]
    plan: fire
    source: ours
"""
SHADOWED = (
    LIVE
    + """
  hot_draft:
    title: {zh: 高温草案, en: Hot draft}
    hazard: fire
    kinds: temperature
    unit: °C
    alarms: [{level: red, above: 30}]
    plan: fire
    source: ours
    shadow: true
"""
)
HOUR_S = 3600


def heat(name: str, value: float, **changes: object) -> Event:
    return event(name, EventClass.READING, device="heat-1", value=value, **changes)


@pytest.fixture
def shadowed(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> Spine:
    """A running installation with a draft in its pack, in which somebody's flat became hot and a smoke detector called."""
    monkeypatch.setattr("tests.shouwang.spine.activation", lambda: activation(SHADOWED))
    spine.start().settle()
    for name, value in (("h-1", 29.0), ("h-2", 31.0), ("h-3", 29.0)):
        spine.put(heat(name, value))
        spine.pass_time(HOUR_S)
    spine.put(smoke("s-1", "b01/u1/0101"))
    spine.pass_time(20)
    spine.put(heat("h-4", 32.0))
    spine.pass_time(60)
    spine.put(heat("h-5", 29.0))
    spine.settle()
    return spine


@pytest.fixture(autouse=True)
def _commits_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow_follow, "COMMIT_S", 0.0)


@contextmanager
def followed(spine: Spine) -> Iterator[tuple[Follower, ShadowBook]]:
    """A life of the shadows beside the running service."""
    kept = ShadowBook(spine.folder / "shadow.db")
    with opened_casebook(settings_or_exit(None, spine.folder)) as book:
        try:
            yield Follower(kept, book), kept
        finally:
            kept.close()


def facts(spine: Spine) -> tuple[Fact, ...]:
    told = read_told(spine.folder / "shadow.db", 0)
    assert told is not None
    return told.facts


def opened(facts: Sequence[Fact]) -> list[str]:
    """The alarms of this story, by rule and value."""
    return [f"{one.rule} {one.value}" for one in facts if one.entity is Entity.ALARM and one.transition == "opened"]


def test_it_says_what_the_draft_would_have_done_and_nobody_else_knows_of_it(shadowed: Spine) -> None:
    with followed(shadowed) as (follower, _):
        assert follower.turn() == shadow_follow.POLL_S
    assert opened(facts(shadowed)) == ["hot_draft 31.0", "hot_draft 32.0"]
    assert opened(shadowed.facts()) == ["smoke_detector on"]
    with closing(sqlite3.connect(shadowed.folder / "store.db")) as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [str(row) for table in tables for row in store.execute(f'SELECT * FROM "{table}"')]  # noqa: S608 - its own names
    of_draft = [row for row in rows if "hot_draft" in row]
    assert all("pack: " in row or "spare" in row for row in of_draft), of_draft


def test_its_people_see_through_what_only_it_has_opened(shadowed: Spine) -> None:
    """Else an alarm that nobody acknowledges would hide the next one at its place."""
    with followed(shadowed) as (follower, _):
        follower.turn()
    ends = [one for one in facts(shadowed) if one.entity is Entity.INCIDENT and one.to_state == "closed"]
    assert len(ends) == 1


def remembered(kept: ShadowBook) -> list[tuple[str, bytes]]:
    """The chain's state; ids that are old enough to be forgotten are forgotten when it suits, so they are left out."""
    return [(name, body) for name, body in kept.state() if not name.startswith("known/")]


@pytest.mark.parametrize("committed_every", [1, 3])
def test_killed_anywhere_it_goes_on_without_a_gap_and_without_a_double(
    shadowed: Spine, monkeypatch: pytest.MonkeyPatch, committed_every: int
) -> None:
    """Each life takes one entry; only some of them get as far as to keep it."""
    with followed(shadowed) as (follower, kept):
        follower.turn()
        whole, state = facts(shadowed), remembered(kept)
        kept.begin_anew(0)
    monkeypatch.setattr(shadow_follow, "CHUNK", 1)
    end = shadowed.journal.last_position()
    for life in range(200):
        with followed(shadowed) as (follower, kept):
            for _ in range(1 + life % 3):
                follower.turn()
            if life % committed_every == 0:
                follower.commit()
            if follower.position == end:
                follower.commit()
                assert facts(shadowed) == whole
                assert remembered(kept) == state
                return
    raise AssertionError("it never came to the end")


def test_what_stops_it_is_passed_over_in_its_next_life(shadowed: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    poison(monkeypatch, "h-2")
    with followed(shadowed) as (follower, _), pytest.raises(ArithmeticError):
        follower.turn()
    with followed(shadowed) as (follower, _):
        follower.turn()
    assert opened(facts(shadowed)) == ["hot_draft 32.0"]
    progress = read_progress(shadowed.folder / "shadow.db")
    assert progress is not None
    assert progress.fault_count == 1


def test_it_looks_at_nothing_while_no_shadow_is_in_force_and_keeps_what_was_told(shadowed: Spine) -> None:
    with followed(shadowed) as (follower, kept):
        follower.turn()
        told = facts(shadowed)
        shadowed.put(activation(LIVE))
        shadowed.settle()
        assert follower.turn() == shadow_follow.POLL_S
        assert kept.state() == []
        shadowed.put(heat("h-9", 40.0))
        shadowed.settle()
        assert follower.turn() == shadow_follow.IDLE_S
        assert facts(shadowed)[: len(told)] == told
        assert "h-9" not in str(facts(shadowed))
        [draft] = kept.watched()
        assert (draft.id, draft.hazard, draft.until_at) == ("hot_draft", "fire", shadowed.clock.at)


def test_a_draft_that_is_changed_is_heard_from_then_on(shadowed: Spine) -> None:
    with followed(shadowed) as (follower, kept):
        follower.turn()
        [before] = kept.watched()
        shadowed.put(activation(SHADOWED.replace("above: 30}", "above: 28}")))
        shadowed.settle()
        follower.turn()
        [after] = kept.watched()
    assert (before.since_at, after.since_at, after.until_at) == (NOON, shadowed.clock.at, None)


def test_one_that_is_too_far_behind_begins_near_the_present_and_says_what_it_missed(
    shadowed: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with followed(shadowed) as (follower, _):
        follower.turn()
    shadowed.pass_time(40 * HOUR_S)
    shadowed.put(heat("h-8", 29.0))
    shadowed.settle()
    monkeypatch.setattr(shadow_follow, "BEHIND_MAX", 0)
    with followed(shadowed) as (follower, kept):
        follower.turn()
        [gap] = kept.progress().gaps
    assert gap.until_at - gap.from_at == 16 * HOUR_S * 1000
    assert opened(facts(shadowed)) == ["hot_draft 31.0", "hot_draft 32.0"]


def test_where_the_journal_cannot_be_read_it_begins_anew_after_a_while(shadowed: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(folder: Path, after: int) -> Iterator[Journaled]:
        raise JournalDamaged(after, folder, "positions are missing (a test)")

    with followed(shadowed) as (follower, kept):
        follower.turn()
        told = facts(shadowed)
        with monkeypatch.context() as patch:
            patch.setattr(shadow_follow, "read_only", damaged)
            assert follower.turn() == shadow_follow.DAMAGED_S
        assert (kept.state(), facts(shadowed), follower.is_busy) == ([], told, False)
        assert follower.turn() == shadow_follow.POLL_S
        assert facts(shadowed) == told


def test_at_the_journal_s_end_it_keeps_what_it_took_from_time_to_time(shadowed: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow_follow, "COMMIT_S", 3600.0)
    with followed(shadowed) as (follower, kept):
        follower.turn()
        first = kept.progress().position
        shadowed.put(heat("h-7", 35.0))
        assert follower.turn() == shadow_follow.POLL_S
        assert (kept.progress().position, follower.position) == (first, first + 1)
        follower.commit()
        assert kept.progress().position == first + 1


@pytest.mark.parametrize("spoilt", [b"no database at all" * 400, b""])
def test_a_file_that_is_no_use_is_made_anew(shadowed: Spine, spoilt: bytes) -> None:
    (shadowed.folder / "shadow.db").write_bytes(spoilt)
    assert read_told(shadowed.folder / "shadow.db", 0) is None
    with followed(shadowed) as (follower, _):
        follower.turn()
    assert len(opened(facts(shadowed))) == 2


def test_it_waits_for_a_store_that_is_not_there_yet(tmp_path: Path) -> None:
    turns: list[float] = []

    def rest(seconds: float) -> bool:
        turns.append(seconds)
        return len(turns) == 2

    with opened_casebook(settings_or_exit(None, tmp_path)) as book:
        follow(book.settings, book, rest)
    assert turns == [shadow_follow.IDLE_S] * 2


def test_it_rests_as_long_as_its_share_of_a_core_asks_for(shadowed: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow_follow, "CHUNK", 2)
    with followed(shadowed) as (follower, _):
        rest_s = follower.turn()
        follower.commit()
        progress = read_progress(shadowed.folder / "shadow.db")
    assert progress is not None
    assert progress.entry_count == 2
    assert rest_s == pytest.approx(progress.cpu_s * (1 - shadow_follow.SHARE) / shadow_follow.SHARE, abs=1e-5)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - what is waited for is a file
            await asyncio.sleep(0.01)


@pytest.mark.anyio
async def test_its_process_is_wanted_while_the_pack_that_decides_has_a_shadow(shadowed: Spine) -> None:
    mark = shadowed.folder / WANTED
    async with marking(shadowed.desk, shadowed.folder, shadowed.fatal.append):
        await until(mark.exists)
    shadowed.put(activation(LIVE))
    shadowed.settle()
    async with marking(shadowed.desk, shadowed.folder, shadowed.fatal.append):
        await until(lambda: not mark.exists())
    set_mark(shadowed.folder / "nowhere" / WANTED, is_wanted=True)  # the disk's fault is nobody's end
    turns: list[float] = []
    with opened_casebook(settings_or_exit(None, shadowed.folder)) as book:
        follow(book.settings, book, lambda seconds: len(turns) > 5, mark.exists)
    assert not turns


def test_what_it_costs_and_how_far_it_is_behind_is_measured(shadowed: Spine) -> None:
    file, last = shadowed.folder / "shadow.db", shadowed.journal.last_position()
    render = exposition([ShadowCollector(file, lambda: last + 5)])
    assert render() == b""
    with followed(shadowed) as (follower, _):
        follower.turn()
    found = {line.split()[0]: float(line.split()[1]) for line in render().decode().splitlines() if not line.startswith("#")}
    assert found.pop("shouwang_shadow_cpu_seconds_total") > 0
    assert found == {
        "shouwang_shadow_behind_entries": 5.0,
        "shouwang_shadow_entries_total": float(last),
        "shouwang_shadow_faults_total": 0.0,
    }


def said(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["shadow", "report", *arguments])
    return result.exit_code, result.output


def test_the_report_tells_only_live_only_shadow_and_both(shadowed: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouwang.commands_shadow.system_now", lambda: shadowed.clock.at + 1000)
    assert said("--data", str(shadowed.folder))[0] == Exit.FAILED
    with followed(shadowed) as (follower, _):
        follower.turn()
    code, text = said("--data", str(shadowed.folder))
    assert code == Exit.OK
    assert "hot_draft (fire): 自 since 2026-11-23T12:00:00.000Z, 0.126 d" in text
    assert "报警 alarm: 仅现行 only live 0, 仅影子 only shadow 1, 两者 both 1, 较早 earlier 0, 较晚 later 1" in text
    assert "时移中位 shift p50 +20 s" in text
    assert "    + 2026-11-23T13:00:00.000Z  hot_draft  jade/b01/u1/0101 heat-1" in text
    found = json.loads(said("--data", str(shadowed.folder), "--json")[1])
    assert (found["schema"], found["faults"], found["gaps"]) == ("shouwang.shadow/1", 0, [])
    assert found["rules"][0]["difference"]["alarm"]["only_new"] == 1
