"""The events inside a message are changed, each; what is no JSON, or no object, stays as it is, and nothing stops a replay."""

from typing import Any

import pytest

from simulator.rewriting import rewritten


def grow(event: dict[str, Any]) -> None:
    event["n"] = event.get("n", 0) + 1


def test_the_one_object_or_each_of_an_array_is_changed() -> None:
    assert rewritten(b'{"n": 1}', grow) == b'{"n":2}'
    assert rewritten(b'[{"n": 1}, 7, {"k": "\xe7\x83\x9f"}]', grow) == b'[{"n":2},7,{"k":"\xe7\x83\x9f","n":1}]'


@pytest.mark.parametrize("payload", [b"", b"no json", b"\xff", b"[" * 100_000, b'{"n":'])
def test_what_is_no_json_stays_as_it_is(payload: bytes) -> None:
    assert rewritten(payload, grow) == payload


def test_half_a_surrogate_pair_goes_on_for_the_contract_to_refuse() -> None:
    assert rewritten(b'{"k":"\\ud800"}', grow) == b'{"k":"\xed\xa0\x80","n":1}'
