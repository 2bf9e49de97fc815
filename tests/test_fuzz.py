"""The hostile bytes are the same each time, hostile indeed, and an adapter that does not withstand them is found."""

import json
from collections.abc import Callable
from types import MappingProxyType

import pytest

from ingest.adapter import Adapter, Example, Foreign, Format, Ignored
from ingest.formats import FORMATS
from rules.model import Network
from tests import fuzz
from tests.fuzz import MEMORY_MAX, SLOW_S, page_of, try_out
from tests.hostile_bytes import hostile

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


def planted(monkeypatch: pytest.MonkeyPatch, opens: Callable[[], Adapter]) -> fuzz.Stood:
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


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_withstands_some_of_them(name: str) -> None:
    stood = try_out(name, 400, seed=7)
    assert stood.faults == []


def test_an_adapter_that_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stood = planted(monkeypatch, lambda: raising)
    assert stood.raised_count > 100
    assert "JSONDecodeError" in stood.faults[0]
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


def test_the_page_has_a_row_for_each() -> None:
    good = fuzz.Stood(name="senml", count=1_000_000, slowest_s=0.0123, memory_max=7_200_000, faults=[])
    assert "| senml | 1,000,000 | 0 | 12.3 | 7.2 | 0.0 |\n" in page_of([good], "./run fuzz")
    assert good.is_good
