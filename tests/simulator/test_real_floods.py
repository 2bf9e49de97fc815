"""The page about real floods says what the chain does today, and the judge of single floods counts right."""

import gzip
import io
import json
from pathlib import Path

import pytest

from rules.definition import RulePack
from rules.model import Level
from simulator.floods.floodnet import FILE, RealFlood, floodnet_floods
from simulator.floods.outcome import limits, measure
from simulator.floods.page import leads, page, red_floods
from simulator.real_data import RecordingsMissingError
from simulator.real_floods import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "real-floods.md"
START_AT = 1_767_225_600_000
MINUTE_MS = 60_000
BLUE, YELLOW, ORANGE, RED = Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED


def flood(*depths: float) -> RealFlood:
    """A reading a minute."""
    curve = tuple((START_AT + minute * MINUTE_MS, depth) for minute, depth in enumerate(depths))
    return RealFlood(sensor="s-1", starts_at=START_AT, curve=curve)


def slow(peak_mm: int) -> RealFlood:
    """Up by 5 mm and down by 10 mm a minute."""
    return flood(*range(0, peak_mm, 5), *range(peak_mm, 0, -10))


def test_the_packs_own_limits_are_the_colours(pack: RulePack) -> None:
    assert limits(pack) == {BLUE: 50, YELLOW: 150, ORANGE: 270, RED: 400}


def test_a_slow_flood_goes_through_all_colours_up_and_down(pack: RulePack) -> None:
    outcome = measure(slow(500), pack)
    assert outcome.climb == (BLUE, YELLOW, ORANGE, RED)
    assert outcome.is_up_in_order
    assert outcome.is_down_in_order
    assert outcome.skipped == ()
    assert outcome.ends == ("materialised", "cancelled")
    assert outcome.dry_count == 0
    assert [told.level for told in outcome.coloured] == [BLUE, YELLOW, ORANGE, RED, ORANGE, YELLOW, BLUE]


def test_a_colour_comes_a_minute_after_its_depth_or_is_foreseen(pack: RulePack) -> None:
    outcome = measure(slow(500), pack)
    times = {
        level: (outcome.first_at(level) or 0) - (outcome.flood.reached_at(limits(pack)[level]) or 0) for level in limits(pack)
    }
    assert times[BLUE] == times[ORANGE] == times[RED] == MINUTE_MS
    assert times[YELLOW] == MINUTE_MS, "5 mm a minute: 270 mm is 24 min away at 150 mm"
    fast = measure(flood(*range(0, 300, 10), *range(300, 0, -10)), pack)
    assert (fast.first_at(YELLOW) or 0) < (fast.flood.reached_at(150) or 0), "10 mm a minute: foreseen"


def test_a_flood_that_jumps_skips_colours(pack: RulePack) -> None:
    outcome = measure(flood(0, 300, 300, 300, 0), pack)
    assert outcome.worst is ORANGE
    assert outcome.skipped
    assert outcome.is_up_in_order
    assert outcome.first_at(BLUE) == outcome.first_at(ORANGE) == START_AT + 2 * MINUTE_MS


def test_water_that_rises_again_is_not_down_in_order(pack: RulePack) -> None:
    outcome = measure(flood(*[80] * 5, *[200] * 5, *[0] * 20, *[80] * 5, *[200] * 5, *[0] * 20, *[80] * 5, *[0] * 20), pack)
    assert outcome.is_up_in_order
    assert not outcome.is_down_in_order
    assert outcome.is_over
    assert outcome.ends == ("cancelled",) * 3


def test_what_nobody_told_has_no_colour(pack: RulePack) -> None:
    outcome = measure(flood(0, 40, 40, 0), pack)
    assert outcome.worst is None
    assert (outcome.climb, outcome.skipped, outcome.alarm_at, outcome.first_at(BLUE)) == ((), (), None, None)


def test_a_colour_in_dry_time_is_false(pack: RulePack) -> None:
    wet = measure(slow(100), pack)
    moved = RealFlood(sensor="s-1", starts_at=wet.flood.ends_at, curve=wet.flood.curve)
    assert type(wet)(moved, wet.told).dry_count == 1


def test_leads_are_counted_to_the_water(pack: RulePack) -> None:
    rows = leads([measure(slow(500), pack)], limits(pack)).splitlines()
    assert rows[2] == "| blue | 150 mm (yellow) | 1 | 19 | 19 | 0 | 0 | 0 | 1 | 0 | 0 | 0 |"
    assert rows[4].startswith("| blue | 400 mm (red) | 1 | 69 | 69 | 0 |")


def test_a_flood_without_warning_is_missed_on_the_page(pack: RulePack) -> None:
    blip = RealFlood(sensor="blip", starts_at=START_AT, curve=((START_AT, 0), (START_AT + 1000, 60), (START_AT + 31_000, 0)))
    text = page([measure(blip, pack), measure(slow(500), pack)], pack)
    assert "- **blue**: 2 floods came to 50 mm; 1 were told blue or worse." in text
    assert "- Missed blue: 1: shorter than the delay: blip 2026-01-01 (60 mm)." in text


def test_inches_become_millimetres(tmp_path: Path) -> None:
    head = "sensor_id,flood_start_time,flood_profile_depth_inches,flood_profile_time_secs\n"
    row = f'q,2026-01-01T00:00:00.000,"{json.dumps([0, 10])}","{json.dumps([0, 63])}"\n'
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(gzip.compress((head + row).encode()))
    (known,) = floodnet_floods(tmp_path)
    assert known.curve == ((START_AT, 0.0), (START_AT + 63_000, 254.0))
    assert (known.name, known.peak_mm) == ("q 2026-01-01", 254.0)
    out = io.StringIO()
    assert main(["--data", str(tmp_path)], out) == 0
    assert out.getvalue().startswith("# Real floods\n")


def test_missing_recordings_are_told(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main(["--data", str(tmp_path)], out) == 1
    assert "is missing" in out.getvalue()
    with pytest.raises(RecordingsMissingError):
        next(floodnet_floods(tmp_path))


@pytest.mark.needs("recordings")
def test_the_page_says_what_the_chain_does_today(pack: RulePack) -> None:
    """The worst floods; the whole page takes half a minute."""
    worst = [measure(each, pack) for each in floodnet_floods() if each.peak_mm >= limits(pack)[RED]]
    assert len(worst) > 50
    assert red_floods(worst, limits(pack)) in PAGE.read_text(encoding="utf-8"), (
        "python -m simulator.real_floods > docs/real-floods.md"
    )
    assert all(each.is_up_in_order for each in worst)
