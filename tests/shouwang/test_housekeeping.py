"""Housekeeping: once a day old rows and old days leave, never what a restart needs, and a store that is away is waited for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.apply import apply
from handlers.faults import StoreUnavailable
from handlers.routes import Routes
from handlers.store import Store
from handlers.views import Views
from ingest.journal import Journal
from ingest.refusal import Refusal
from rules.effects import RecordRejection
from rules.model import Rejected
from shouwang.housekeeping import DAY_MS, Housekeeping

START_AT = 1_795_435_200_000  # 2026-11-23T12:00:00Z
REFUSED = Rejected(id="r-1", source="s", reason=Refusal.NOT_JSON, detail="d", excerpt=b"{", size=1, community="jade")


class Site:
    """A journal and a store with their clock."""

    def __init__(self, folder: Path) -> None:
        self.now = START_AT
        self.journal = Journal(folder / "journal", clock=self.clock)
        self.url = f"sqlite:///{folder / 'store.db'}"
        self.store = Store(self.url)
        self.store.migrate()
        self.epoch = self.store.take_lease("test", self.now, 3600)
        self.keeping = Housekeeping(self.store, self.epoch, self.journal, clock=self.clock, journal_keep_days=3)

    def clock(self) -> int:
        return self.now

    def live_a_day(self, *, has_snapshot: bool = True) -> None:
        """Something is refused, decided and stored; then it is the next day."""
        position = self.journal.append([REFUSED]).first_position
        with self.store.transaction(self.epoch) as unit:
            apply(unit, [RecordRejection(REFUSED, position, self.now)], Routes())
            unit.set_applied(position, self.now)
            if has_snapshot:
                unit.save_snapshot({}, position)
        self.now += DAY_MS

    def days(self) -> list[int]:
        return [each.position for each in self.journal.read()]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.journal.close()
    made.store.close()


def test_old_days_leave_the_journal(site: Site) -> None:
    for _ in range(6):
        site.live_a_day()
    assert site.keeping.clean_when_due()
    assert site.days() == [4, 5, 6], "today is day 7: three days before it are kept"


def test_what_a_restart_decides_again_stays_however_old(site: Site) -> None:
    site.live_a_day()
    for _ in range(5):
        site.live_a_day(has_snapshot=False)
    assert site.keeping.clean_when_due()
    assert site.days() == [2, 3, 4, 5, 6]


def test_it_is_done_once_a_day(site: Site) -> None:
    assert site.keeping.clean_when_due()
    assert not site.keeping.clean_when_due()
    site.now += DAY_MS
    assert site.keeping.clean_when_due()


def test_old_refusals_leave_the_store(site: Site) -> None:
    site.live_a_day()
    site.now += 31 * DAY_MS
    site.live_a_day()
    assert site.keeping.clean_when_due()
    views = Views(site.url)
    assert [row["position"] for row in views.rejected().items] == [2]
    views.close()


def test_a_store_that_is_away_is_left_for_the_next_look(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("stopped")

    with monkeypatch.context() as patched:
        patched.setattr(site.store, "write", away)
        assert not site.keeping.clean_when_due()
        site.keeping.note_redriven(1)
    assert site.keeping.clean_when_due()


def test_a_redrive_is_noted_in_the_list(site: Site) -> None:
    site.live_a_day()
    site.keeping.note_redriven(1)
    views = Views(site.url)
    row = views.rejection(1)
    assert row is not None
    assert row["redriven_at"] == site.now
    views.close()
