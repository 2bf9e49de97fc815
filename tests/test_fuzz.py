"""The hostile bytes are the same each time, hostile indeed, and an adapter that does not withstand them is found."""

import json
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import pytest

from ingest.adapter import Adapter, Example, Foreign, Format, Ignored
from rules.model import Network
from tests import fuzz
from tests.fuzz import try_out
from tests.hostile_bytes import hostile
from tests.hostile_page import MEMORY_MAX, ROW, SLOW_S, Stood, page_of

EXAMPLES = (Example("a/b", b'{"smoke": true, "at": 1793664306000}'), Example("a/c", b'{"deep": {"list": [1, 2]}}'))


def remembering() -> Adapter:
    kept: list[bytes] = []

    def read(foreign: Foreign) -> Ignored:
        kept.append(foreign.payload * 100)
        return Ignored("")

    return read


def raising(foreign: Foreign) -> Ignored:
    return Ignored(str(json.loads(foreign.payload)))


def slow(foreign: Foreign) -> Ignored:
    return Ignored(str(sum(range(10_000_000 if len(foreign.payload) > 100_000 else 1))))


def greedy(foreign: Foreign) -> Ignored:
    return Ignored(str(len(bytes(2 * MEMORY_MAX if len(foreign.payload) > 100_000 else 1))))


def planted(monkeypatch: pytest.MonkeyPatch, opens: Callable[[], Adapter]) -> Stood:
    format_ = Format(name="bad", network=Network.IOT, zh="", en="", words="", opens=opens, examples=EXAMPLES)
    monkeypatch.setattr(fuzz, "FORMATS", MappingProxyType({"bad": format_}))
    return try_out("bad", 6_000, seed=1)


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others() -> None:
    assert list(hostile(EXAMPLES, 1, 3_000)) == list(hostile(EXAMPLES, 1, 3_000))
    assert list(hostile(EXAMPLES, 1, 50)) != list(hostile(EXAMPLES, 2, 50))


def test_there_are_large_ones_and_right_json_with_wrong_values_among_them() -> None:
    payloads = [each.payload for each in hostile(EXAMPLES, 1, 8_000)]
    assert max(map(len, payloads)) > 100_000
    assert any(payload.startswith(b'{"smoke": null,') for payload in payloads)


def test_an_adapter_that_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stood = planted(monkeypatch, lambda: raising)
    assert stood.raised_count > 100
    assert any("JSONDecodeError" in each for each in stood.faults)
    assert not stood.is_good


def test_an_adapter_that_works_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stood = planted(monkeypatch, lambda: slow)
    assert stood.slowest_s > SLOW_S
    assert not stood.is_good


def test_an_adapter_that_takes_too_much_memory_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stood = planted(monkeypatch, lambda: greedy)
    assert stood.memory_max > MEMORY_MAX
    assert not stood.is_good


def test_an_adapter_that_remembers_without_bound_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stood = planted(monkeypatch, remembering)
    assert stood.kept > MEMORY_MAX
    assert not stood.is_good


GOOD = Stood(
    name="senml", count=1_000, understood_count=200, ignored_count=100, slowest_s=0.0123, memory_max=7_200_000, faults=[]
)


def test_the_page_has_a_row_for_each() -> None:
    row = "| senml | 1,000 | 20.0% | 10.0% | 70.0% | 0 | 12.3 | 7.2 | 0.0 | 2026-11-23 |\n"
    assert row in page_of([GOOD], "./run fuzz", "", "2026-11-23")
    assert GOOD.is_good


def test_rows_of_formats_that_were_measured_alike_stay_on_the_page_and_others_do_not() -> None:
    before = page_of([GOOD, replace(GOOD, name="cap")], "./run fuzz", "", "2026-11-22")
    after = page_of([replace(GOOD, raised_count=3)], "./run fuzz", before, "2026-11-23")
    assert [found[1] for found in ROW.finditer(after)] == ["cap", "senml"]
    assert "| 3 | 12.3 | 7.2 | 0.0 | 2026-11-23 |" in after
    assert [found[1] for found in ROW.finditer(page_of([GOOD], "./run fuzz --seed 2", before, ""))] == ["senml"]


def test_our_own_contract_withstands_some_of_them() -> None:
    stood = try_out("native", 2_500, seed=7)
    assert stood.faults == []
    assert stood.understood_count > 250
