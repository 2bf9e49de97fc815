"""Codes of reports: proved, not to be guessed, readable however they were written down, and over after a month."""

import pytest

from dashboard.report_codes import CODE_LIFE_S, FORM_LIFE_S, ReportCodes, plain_code, written
from dashboard.report_limits import ADDRESS_COUNT_MAX, Limits, network_of

NOW = 1_795_435_200_000  # 2026-11-23T12:00:00Z
MINUTE = 60_000
CODES = ReportCodes("sw_secret", chance=lambda bits: 2**bits - 5)


def test_a_form_sent_twice_has_one_code_and_another_form_another() -> None:
    seal = CODES.seal(NOW)
    code = CODES.code_of(seal, NOW + MINUTE)
    assert code == CODES.code_of(seal, NOW + 50 * MINUTE)
    assert code != seal
    other = ReportCodes("sw_secret")
    assert len({other.code_of(other.seal(NOW), NOW) for _ in range(50)}) == 50


@pytest.mark.parametrize("seal", ["", "x", "0" * 20, "ZZZZZ" * 4, "垃圾" * 10, CODES.code_of(CODES.seal(NOW), NOW)])
def test_a_foreign_seal_gets_a_fresh_code(seal: str) -> None:
    assert CODES.began_at(CODES.code_of(seal, NOW), NOW) == NOW


def test_an_old_form_gets_a_fresh_code() -> None:
    later = NOW + FORM_LIFE_S * 1000 + 5 * MINUTE
    assert CODES.began_at(CODES.code_of(CODES.seal(NOW), later), later) == later


def test_a_code_is_read_however_it_was_written_down() -> None:
    code = CODES.code_of(CODES.seal(NOW), NOW)
    assert len(code) == 20
    assert written(code).count("-") == 3
    assert plain_code("oil- 10") == "01110"
    for text in (code, written(code), written(code).lower(), code.replace("0", "o").replace("1", "l")):
        assert CODES.began_at(text, NOW + MINUTE) == NOW, text


def test_what_was_never_given_is_no_code() -> None:
    code = CODES.code_of(CODES.seal(NOW), NOW)
    changed = [code[:place] + ("7" if code[place] != "7" else "8") + code[place + 1 :] for place in range(len(code))]
    for text in (*changed, CODES.seal(NOW), "", code[:-1], code + "0", "U" * 20, "页" * 20):
        assert CODES.began_at(text, NOW) is None, text
    assert ReportCodes("sw_other").began_at(code, NOW) is None


def test_a_code_is_over_after_a_month() -> None:
    code = CODES.code_of(CODES.seal(NOW), NOW)
    assert CODES.began_at(code, NOW + CODE_LIFE_S * 1000) == NOW
    assert CODES.began_at(code, NOW + CODE_LIFE_S * 1000 + 1) is None


def test_an_address_may_send_so_many_and_later_again() -> None:
    limits = Limits(3, 60.0)
    assert [limits.takes("a", NOW) for _ in range(4)] == [True, True, True, False]
    assert limits.takes("b", NOW)
    assert not limits.takes("a", NOW + 19_999)
    assert limits.takes("a", NOW + 20_000)
    assert not limits.takes("a", NOW + 20_000)


def test_a_clock_set_back_locks_nobody_out() -> None:
    limits = Limits(2, 60.0)
    assert [limits.takes("a", NOW) for _ in range(3)] == [True, True, False]
    assert limits.takes("a", NOW - 86_400_000)


def test_what_is_remembered_of_addresses_is_bounded() -> None:
    limits = Limits(1, 60.0)
    for number in range(ADDRESS_COUNT_MAX + 10):
        assert limits.takes(str(number), NOW)
    assert len(limits._full_at) == ADDRESS_COUNT_MAX
    assert not limits.takes(str(ADDRESS_COUNT_MAX), NOW)


def test_a_household_is_one_address() -> None:
    assert network_of("203.0.113.9") == "203.0.113.9"
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2::7") == "2001:db8:1:2::/64"
    assert network_of("local") == "local"
