"""Tokens and sessions: what is secret is kept nowhere, what is wrong opens nothing, what is old ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.backoff import CLIENT_COUNT_MAX, FORGOTTEN_AFTER_S, FREE_COUNT, WAIT_MAX_S, BackOff
from dashboard.sessions import IDLE_MAX_S, LIFETIME_MAX_S, SESSION_COUNT_MAX, Sessions
from dashboard.tokens import PREFIX, Tokens, digest_of, make_token


def test_a_token_has_256_bits_and_a_prefix_that_scanners_know() -> None:
    tokens = {make_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(token.startswith(PREFIX) and len(token) == len(PREFIX) + 43 for token in tokens)


def test_only_the_whole_token_opens() -> None:
    token = make_token()
    tokens = Tokens({"desk": digest_of(token), "other": digest_of(make_token()).upper()})
    assert tokens.holder_of(token) == "desk"
    for wrong in ("", token[:-1], token + "x", token.upper(), digest_of(token), "\ud800", "令牌"):
        assert tokens.holder_of(wrong) is None


@pytest.mark.parametrize("digest", ["", "sw_plain", "0" * 63, "g" * 64, "0" * 65])
def test_what_is_no_digest_is_refused_at_the_start(digest: str) -> None:
    with pytest.raises(ValueError, match="'desk' must be 64 hexadecimal digits"):
        Tokens({"desk": digest})


@given(gaps=st.lists(st.integers(0, int(LIFETIME_MAX_S * 400)), max_size=40))
def test_a_session_lives_while_it_is_used_and_no_longer_than_a_duty(gaps: list[int]) -> None:
    sessions, now = Sessions(), 0
    secret, held = sessions.open(operator="张三", holder="desk", now=now)
    used_at = now
    for gap in gaps:
        now += gap
        lives = now < used_at + IDLE_MAX_S * 1000 and now < LIFETIME_MAX_S * 1000
        found = sessions.use(secret, now)
        assert (found is not None) == lives
        if found is None:
            assert sessions.use(secret, 0) is None, "once ended, ended"
            return
        used_at = now
        assert found.operator == held.operator


def test_the_longest_unused_session_makes_room() -> None:
    sessions = Sessions()
    first, _ = sessions.open(operator="a", holder="desk", now=0)
    second, _ = sessions.open(operator="b", holder="desk", now=0)
    sessions.use(first, 1)
    for _ in range(SESSION_COUNT_MAX - 1):
        sessions.open(operator="c", holder="desk", now=1)
    assert sessions.use(first, 1) is not None
    assert sessions.use(second, 1) is None


@given(failures=st.integers(0, 60))
def test_waiting_grows_to_its_bound_and_is_forgotten(failures: int) -> None:
    backoff = BackOff()
    for _ in range(failures):
        backoff.failed("10.0.0.9", 0)
    wait_s = backoff.wait_s("10.0.0.9", 0)
    assert (wait_s > 0) == (failures >= FREE_COUNT)
    assert wait_s <= WAIT_MAX_S
    assert backoff.wait_s("10.0.0.10", 0) == 0
    assert backoff.wait_s("10.0.0.9", int(wait_s * 1000)) == 0
    assert backoff.wait_s("10.0.0.9", int(FORGOTTEN_AFTER_S * 1000) + 1) == 0
    backoff.passed("10.0.0.9")
    assert backoff.wait_s("10.0.0.9", 0) == 0


def test_a_hundred_thousand_addresses_take_no_more_room_than_ten_thousand() -> None:
    backoff = BackOff()
    for number in range(CLIENT_COUNT_MAX + 5):
        for _ in range(FREE_COUNT):
            backoff.failed(str(number), number)
    assert backoff.wait_s("0", 0) == 0
    assert backoff.wait_s(str(CLIENT_COUNT_MAX), CLIENT_COUNT_MAX) > 0
