"""A route that asks: journaled first, the cursor kept after; killed anywhere in between nothing is lost and nothing doubled."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.adapter import Foreign, Format, Said
from ingest.pull import Cursor, Fetched, HttpPull, Mark, MarkFile, Pull, PullFailed
from ingest.pull_rows import digest_of
from ingest.puller import DeskStops, Puller
from ingest.route import Route, RouteReader
from rules.model import EventClass, Network
from tests.ingest.mqtt_stage import ObedientDesk, until

pytestmark = pytest.mark.anyio

NOW = 1_795_435_200_000


class City:
    """A platform with numbered rows. ``rows`` can grow; ``fails`` says how often it does not answer first."""

    def __init__(self, count: int = 0) -> None:
        self.count, self.fails, self.asked = count, 0, [""]
        self.page = 2
        self.asked.clear()

    async def __call__(self, cursor: Cursor) -> Fetched:
        self.asked.append(str(cursor))
        if self.fails:
            self.fails -= 1
            raise PullFailed("HTTP 503")
        behind = int(cursor or 0)
        rows = tuple(reading(number) for number in range(behind + 1, min(behind + self.page, self.count) + 1))
        return Fetched(rows, behind + len(rows) if rows else None, digest_of(b"".join(rows)))


def reading(number: int) -> bytes:
    return str(number).encode()


def read(foreign: Foreign) -> list[Said]:
    """A format whose rows bring neither an id nor a time."""
    return [Said(event_class=EventClass.READING, kind="temperature", device="meter", value=float(foreign.payload))]


NUMBERS = Format(name="numbers", network=Network.DATA, zh="", en="", words="", opens=lambda: read, examples=())


class Stage:
    """A pull, its desk, and how long it waited."""

    def __init__(self, folder: Path, fetch: Callable[[Cursor], object], desk: ObedientDesk | None = None) -> None:
        self.desk = desk or ObedientDesk(is_prompt=True)
        self.marks = MarkFile(folder / "pulls" / "city.json", "")
        self.reports: list[tuple[str, float]] = []
        self.waits: list[float] = []
        self.waits_max = 1000
        route = Route(name="city", format=NUMBERS, community="jade", network=Network.DATA)
        self.reader = RouteReader(route, lambda: NOW)
        self.puller = Puller(
            self.reader,
            Pull(source=HttpPull(url="http://city.example/"), every_s=60),
            fetch,  # type: ignore[arg-type]  # the tests' platforms are fetches
            self.marks,
            self.desk,
            chance=random.Random(1),
            report=lambda why, wait_s: self.reports.append((why, wait_s)),
            sleep=self._sleep,
        )

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) >= self.waits_max:
            raise asyncio.CancelledError

    async def run(self, waits_max: int) -> None:
        self.waits_max = len(self.waits) + waits_max
        with pytest.raises(asyncio.CancelledError):
            await self.puller.run()

    def ids(self) -> list[str]:
        return self.desk.ids()


async def test_it_catches_up_page_by_page_and_then_asks_at_its_pace(tmp_path: Path) -> None:
    city = City(5)
    stage = Stage(tmp_path, city)
    await stage.run(4)
    assert city.asked == ["", "2", "4", "5"]
    assert stage.waits == [1.0, 1.0, 1.0, 60]
    assert (len(set(stage.ids())), len(stage.ids())) == (5, 5)
    assert stage.marks.read().cursor == 5
    assert (stage.puller.figures.asked_count, stage.puller.figures.row_count) == (4, 5)
    city.count = 6
    await stage.run(1)
    assert len(set(stage.ids())) == 6


async def test_after_failures_it_waits_longer_each_time_up_to_a_quarter_of_an_hour(tmp_path: Path) -> None:
    city = City(1)
    city.fails = 7
    stage = Stage(tmp_path, city)
    await stage.run(8)
    for (why, wait_s), most in zip(stage.reports, (60, 120, 240, 480, 900, 900, 900), strict=True):
        assert why == "HTTP 503"
        assert most / 2 <= wait_s <= most
    assert stage.waits[7:] == [1.0]
    assert (stage.puller.figures.failed_ask_count, len(stage.ids())) == (7, 1)


async def test_an_answer_over_which_our_reading_stumbles_is_told_and_ends_nothing(tmp_path: Path) -> None:
    faults: list[Exception] = [OverflowError("too large"), TypeError("Decimal"), RecursionError("too deep")]

    async def fetch(_: Cursor) -> Fetched:
        if faults:
            raise faults.pop(0)
        return Fetched((reading(1),), None, "d")

    stage = Stage(tmp_path, fetch)
    await stage.run(4)
    assert [why.partition(";")[0] for why, _ in stage.reports] == [
        "our reading stumbled over the answer (OverflowError: too large)",
        "our reading stumbled over the answer (TypeError: Decimal)",
        "our reading stumbled over the answer (RecursionError: too deep)",
    ]
    assert len(stage.ids()) == 1


async def test_the_cursor_moves_only_once_the_journal_has_the_rows(tmp_path: Path) -> None:
    desk = ObedientDesk()
    stage = Stage(tmp_path, City(2), desk)
    asking = asyncio.create_task(stage.puller.once())
    await until(lambda: desk.unfinished)
    assert stage.marks.read() == Mark("", "")
    desk.finish()
    assert await asking
    assert stage.marks.read().cursor == 2


@pytest.mark.parametrize("when", ["desk stops", "killed"])
async def test_stopped_in_between_the_same_rows_come_again_under_the_same_ids(tmp_path: Path, when: str) -> None:
    desk = ObedientDesk()
    first = Stage(tmp_path, City(2), desk)
    asking = asyncio.create_task(first.puller.once())
    await until(lambda: desk.unfinished)
    if when == "desk stops":
        desk.unfinished[0].done(None)
        with pytest.raises(DeskStops):
            await asking
    else:
        asking.cancel()
    second = Stage(tmp_path, City(2))
    assert await second.puller.once()
    assert second.ids() == first.ids() != []


async def test_a_list_of_what_is_now_is_heard_when_it_changes_also_back_again(tmp_path: Path) -> None:
    """Without a cursor the same answer is nothing new; a value that returns is."""
    values = [1, 1, 2, 1, 1]

    async def fetch(_: Cursor) -> Fetched:
        row = reading(values.pop(0))
        return Fetched((row,), None, digest_of(row))

    stage = Stage(tmp_path, fetch)
    for _ in range(5):
        assert not await stage.puller.once()
    assert (len(set(stage.ids())), stage.puller.figures.unchanged_count) == (3, 2)


async def test_a_full_desk_is_waited_for(tmp_path: Path) -> None:
    desk = ObedientDesk(room=0, is_prompt=True)
    stage = Stage(tmp_path, City(1), desk)
    running = asyncio.create_task(stage.run(1))
    await until(lambda: stage.puller.figures.asked_count)
    assert stage.ids() == []
    for lane in desk.room:
        desk.make_room(lane, 10)
    await running
    assert len(stage.ids()) == 1


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"cursor": 1}', b'{"cursor": null, "digest": ""}', b'{"cursor": 1, "digest": 2}']
)
def test_a_mark_that_is_none_is_told_and_never_taken_for_the_beginning(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "city.json"
    path.write_bytes(content)
    with pytest.raises(PullFailed, match="delete it to begin anew"):
        MarkFile(path, "start").read()


def test_a_mark_is_kept_whole_and_a_disk_that_takes_none_is_told(tmp_path: Path) -> None:
    marks = MarkFile(tmp_path / "pulls" / "city.json", 0)
    assert marks.read() == Mark(0, "")
    marks.write(Mark("c/2", "d"))
    assert marks.read() == Mark("c/2", "d")
    assert [file.name for file in (tmp_path / "pulls").iterdir()] == ["city.json"]
    (tmp_path / "file").write_text("")
    with pytest.raises(PullFailed, match="cannot be written"):
        MarkFile(tmp_path / "file" / "city.json", 0).write(Mark(1, ""))
