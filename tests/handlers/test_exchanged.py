"""The feed: nothing skipped, nothing twice, whatever changes while a partner reads; and only what this partner may know."""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import delete

from handlers import exchanged
from handlers.apply import apply
from handlers.exchange.contract import Partner, Purpose
from handlers.exchange.cursor import BEGINNING, Place
from handlers.exchanged import CursorOfAnother, ExchangeViews
from handlers.receipts import Receipt, confirm
from handlers.retention import Keep, purge
from handlers.routes import Routes
from handlers.schema import timeline
from handlers.store import Store
from rules.effects import Effect, RecordFact, SaveIncident
from tests.handlers.records import fact, incident

STREET = Partner(name="street", communities=("jiayuan",), hazards=("fire", "water"), purpose=Purpose.OVERSIGHT)
DAY_MS = 86_400_000


class Feed:
    """A store in which incidents change, and its read side."""

    def __init__(self, store: Store, epoch: int, views: ExchangeViews) -> None:
        self.store, self.epoch, self.views = store, epoch, views
        self._count = 0

    def write(self, *effects: Effect) -> None:
        with self.store.transaction(self.epoch) as unit:
            apply(unit, effects, Routes())

    def change(self, name: str, **changes: object) -> None:
        """A change of an incident with the line that tells it."""
        self._count += 1
        given: dict[str, object] = {"zone": f"b03/u1/{name}", "at": self._count, **changes}
        self.write(
            SaveIncident(incident(name, **given)),  # type: ignore[arg-type]  # any field may be given by name
            RecordFact(fact(f"f-{self._count}", incident_id=name, at=self._count)),
        )

    def confirm(self, position: int, at: int = 1, partner: str = "street") -> bool | None:
        """Whether it was new; None where there is no such fact."""
        receipt = Receipt(partner=partner, position=position, incident_count=1, at=at)
        done = self.store.write(self.epoch, lambda unit: confirm(unit, receipt))
        return None if done is None else done.is_new

    def told(self, after: int = 0, limit: int = 10, partner: Partner = STREET) -> tuple[list[str], int, bool]:
        page = self.views.shared(partner, self.views.exchange_place(after), limit)
        return [each.id for each in page.incidents], page.up_to.seq, page.has_more


@pytest.fixture
def feed(store: Store, epoch: int, store_url: str) -> Iterator[Feed]:
    views = ExchangeViews(store_url)
    yield Feed(store, epoch, views)
    views.close()


def test_an_empty_desk_has_an_empty_feed(feed: Feed) -> None:
    assert feed.told() == ([], 0, False)


def test_what_changes_again_moves_to_the_end_and_stands_there_once(feed: Feed) -> None:
    for name in ("i-1", "i-2", "i-1", "i-3"):
        feed.change(name)
    assert feed.told() == (["i-2", "i-1", "i-3"], 4, False)
    assert feed.told(limit=1) == (["i-2"], 2, True)
    assert feed.told(after=2, limit=2) == (["i-1", "i-3"], 4, False)
    feed.change("i-2")
    assert feed.told(after=4) == (["i-2"], 5, False)


def test_a_partner_is_told_of_its_own_communities_and_hazards_only_and_not_that_there_are_others(feed: Feed) -> None:
    feed.change("i-1")
    feed.change("i-other-hazard", hazard="elder")
    feed.change("i-other-place", community="heping")
    feed.write(RecordFact(fact("f-mode", incident_id="", at=9)))
    assert feed.told() == (["i-1"], 4, False)


def test_a_cursor_ahead_of_the_desk_is_refused(feed: Feed) -> None:
    feed.change("i-1")
    assert feed.told(after=1) == ([], 1, False)
    with pytest.raises(CursorOfAnother):
        feed.told(after=2)


def test_a_cursor_of_the_store_before_this_one_is_refused_and_skips_nothing(feed: Feed) -> None:
    """A store that was made anew numbers from 1 as the one before it did: the fact under a number is another one."""
    feed.change("i-1")
    ours = feed.views.shared(STREET, BEGINNING, 10).up_to
    of_before = Place(ours.seq, "0123abcd")
    for _ in range(2):
        with pytest.raises(CursorOfAnother):
            feed.views.shared(STREET, of_before, 10)
        with pytest.raises(CursorOfAnother):
            feed.views.hold_to_place(of_before)
        feed.change("i-2")  # our last fact is beyond it by now
    feed.views.hold_to_place(ours)
    assert [each.id for each in feed.views.shared(STREET, ours, 10).incidents] == ["i-2"]


def test_a_number_that_the_database_left_out_is_a_place_too(feed: Feed) -> None:
    for name in ("i-1", "i-2", "i-3"):
        feed.change(name)
    feed.store.write(feed.epoch, lambda unit: unit.connection.execute(delete(timeline).where(timeline.c.seq == 2)))
    place = feed.views.exchange_place(2)
    assert place.mark == feed.views.exchange_place(1).mark
    assert [each.id for each in feed.views.shared(STREET, place, 10).incidents] == ["i-3"]


def test_a_partner_for_whom_there_is_little_holds_nothing_up(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanged, "SCAN_MAX", 3)
    for number in range(7):
        feed.change(f"i-{number}", hazard="fire" if number == 6 else "elder")
    assert [feed.told(after=seq) for seq in (0, 3, 6)] == [([], 3, True), ([], 6, True), (["i-6"], 7, False)]


@pytest.mark.parametrize("seed", range(6))
def test_whoever_reads_while_incidents_change_has_them_all_as_they_are(feed: Feed, seed: int) -> None:
    """At each step the desk changes something or the partner reads a page; in the end the partner has the desk's picture."""
    chance = Random(seed)
    desk: dict[str, str] = {}
    partner: dict[str, tuple[int, str]] = {}
    cursor = BEGINNING
    for step in range(60):
        if chance.random() < 0.6:
            name = f"i-{chance.randrange(8)}"
            desk[name] = chance.choice(["open", "handling", "cleared"])
            feed.change(name, state=desk[name])
            continue
        page = feed.views.shared(STREET, cursor, chance.choice([1, 2, 3]))
        revisions = [each.revision for each in page.incidents]
        assert revisions == sorted(set(revisions)), step
        for each in page.incidents:
            assert cursor.seq < each.revision <= page.up_to.seq
            assert each.revision > partner.get(each.id, (0, ""))[0]  # nothing twice
            partner[each.id] = (each.revision, each.state)
        cursor = page.up_to
    while (page := feed.views.shared(STREET, cursor, 2)).incidents:
        partner |= {each.id: (each.revision, each.state) for each in page.incidents}
        cursor = page.up_to
    assert {name: state for name, (_, state) in partner.items()} == desk


def test_a_receipt_is_written_once_and_never_goes_back(feed: Feed) -> None:
    for name in ("i-1", "i-2", "i-3"):
        feed.change(name)
    assert [feed.confirm(2, at=10), feed.confirm(2, at=20), feed.confirm(1, at=30), feed.confirm(4, at=40)] == [
        True,
        False,
        False,
        None,
    ]
    standing = feed.views.standings((STREET,))["street"]
    assert standing.receipt == Receipt(partner="street", position=2, incident_count=1, at=10)
    assert standing.waiting_count == 1


def test_who_never_confirmed_waits_for_everything(feed: Feed) -> None:
    feed.change("i-1")
    standing = feed.views.standings((STREET,))["street"]
    assert (standing.receipt, standing.waiting_count) == (None, 1)


def test_receipts_are_kept_for_half_a_year_and_the_last_one_for_ever(feed: Feed) -> None:
    for name in ("i-1", "i-2", "i-3"):
        feed.change(name)
    feed.confirm(1, at=1)
    feed.confirm(2, at=2)
    feed.confirm(1, at=3, partner="rescue")
    assert purge(feed.store, feed.epoch, 180 * DAY_MS, Keep())["exchange_receipt"] == 0
    assert purge(feed.store, feed.epoch, 181 * DAY_MS, Keep())["exchange_receipt"] == 1
    rescue = Partner(name="rescue", communities=("jiayuan",), hazards=("fire",), purpose=Purpose.RESCUE)
    standings = feed.views.standings((STREET, rescue))
    assert [standing.receipt and standing.receipt.position for standing in standings.values()] == [2, 1]
