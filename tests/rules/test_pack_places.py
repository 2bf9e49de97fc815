"""Modes and calendars in a pack: how they are written, and what is wrong with them, with its place."""

from datetime import date

import pytest

from rules.definition import Days
from rules.pack import check_pack, read_pack
from tests.rules.test_pack import GOOD

PLACES = """
modes:
  armed_hall: {title: {zh: 大厅布防, en: Hall armed}, kinds: [opening], sets: open, ends: closed, lasts: 2h}
  rain: {title: {zh: 雨, en: Rain}, kinds: warning_signal, when: has(attributes.type), ends_when: state == 'off'}
calendars:
  public: {title: {zh: 节假日, en: Holidays}, days: [2026-01-01, 2026-02-15..2026-02-17], workdays: [2026-02-28]}
  school: {title: {zh: 开学, en: School}, days: [2026-03-02]}
rules:"""
WITH: str = GOOD.replace("\nrules:", PLACES, 1)
SILENT = '    hours: "22:00-06:00"\n'


def with_rule(text: str) -> str:
    return WITH.replace(SILENT, SILENT + text, 1)


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


HOLIDAYS = frozenset({ordinal("2026-01-01"), *range(ordinal("2026-02-15"), ordinal("2026-02-18"))})
MADE_UP = frozenset({ordinal("2026-02-28")})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("workdays", (Days(weekdays=(0, 1, 2, 3, 4), plus=MADE_UP, minus=HOLIDAYS),)),
        ("days_off", (Days(weekdays=(5, 6), plus=HOLIDAYS, minus=MADE_UP),)),
        ("holidays", (Days(plus=HOLIDAYS),)),
        ("public", (Days(plus=HOLIDAYS),)),
        ("[mon, school]", (Days(weekdays=(0,)), Days(plus=frozenset({ordinal("2026-03-02")})))),
    ],
)
def test_the_days_of_a_rule(words: str, expected: tuple[Days, ...]) -> None:
    (rule,) = [rule for rule in read_pack(with_rule(f"    days: {words}\n")).rules if rule.hours is not None]
    assert rule.days == expected


def test_without_a_public_calendar_workdays_are_monday_to_friday() -> None:
    (rule,) = [
        rule for rule in read_pack(GOOD.replace(SILENT, SILENT + "    days: workdays\n", 1)).rules if rule.hours is not None
    ]
    assert rule.days == (Days(weekdays=(0, 1, 2, 3, 4)),)


def test_the_modes_of_a_pack() -> None:
    pack = read_pack(with_rule("    modes: [armed, rain]\n    not_modes: drill\n"))
    hall, rain = pack.modes["armed_hall"], pack.modes["rain"]
    assert (hall.kinds, hall.on_states, hall.off_states, hall.lasts_s) == (("opening",), ("open",), ("closed",), 7200)
    assert (rain.on_states, rain.off_states, rain.lasts_s) == (("on",), ("off",), None)
    assert rain.guard is not None
    assert rain.ends is not None
    (rule,) = [rule for rule in pack.rules if rule.hours is not None]
    assert (rule.modes, rule.not_modes) == (("armed", "rain"), ("drill",))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("kinds: [opening]", "kinds: [openning]", "unknown kind 'openning'; did you mean 'opening'?"),
        ("sets: open", "sets: ajar", "opening never is 'ajar'"),
        ("ends: closed", "ends: shut", "opening never is 'shut'"),
        ("lasts: 2h", "lasts: 8d", "an event sets a mode for 7 d at most"),
        ("kinds: [opening], sets: open, ends: closed, ", "when: 'true', ", "name the kinds that switch this mode"),
        ("when: has(attributes.type)", "when: has(attributes.type", "when: "),
        ("ends_when: state == 'off'", "ends_when: stat == 'off'", "ends_when: "),
        ("2026-01-01,", "2026-02-30,", "there is no such day"),
        ("2026-01-01,", "1 January,", "days are written like"),
        ("2026-02-15..2026-02-17", "2026-02-17..2026-02-15", "the last day comes before the first"),
        ("days: [2026-03-02]", "days: [2026-03-02], workdays: [2026-03-07]", "only the calendar 'public' has workdays"),
        ("  school:", "  mon:", "is a word of its own"),
        (SILENT, SILENT + "    days: [monday]\n", "unknown days 'monday'; did you mean"),
        (SILENT, SILENT + "    modes: [armd]\n", "unknown mode 'armd'; did you mean 'armed'?, or add it under modes"),
        ("  public:", "  other:", "only the calendar 'public' has workdays"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(before: str, after: str, message: str) -> None:
    assert before in WITH
    (fault,) = check_pack(WITH.replace(before, after, 1), "pack.yaml")
    assert message in str(fault)
    line = int(str(fault).split(":")[1])
    assert WITH.replace(before, after, 1).splitlines()[line - 1].strip()


def test_holidays_need_a_public_calendar() -> None:
    (fault,) = check_pack(GOOD.replace(SILENT, SILENT + "    days: holidays\n", 1), "pack.yaml")
    assert "holidays are the days of the calendar 'public'; add it under calendars" in str(fault)


@pytest.mark.parametrize(("modes", "count"), [("", 1), (", modes: [armed]", 0), (", not_modes: [armed]", 0)])
def test_a_stage_of_a_mode_may_need_less_than_a_milder_one(modes: str, count: int) -> None:
    yellow = "      - {level: yellow, above: 50, deadband: 2, for: 30s}\n"
    lower = f"      - {{level: orange, above: 45, for: 30s{modes}}}\n"
    assert len(check_pack(GOOD.replace(yellow, yellow + lower, 1))) == count


def test_an_unknown_mode_of_a_stage_is_found() -> None:
    text = WITH.replace("{level: yellow,", "{level: yellow, not_modes: [nigt],", 1)
    assert text != WITH
    assert any("unknown mode 'nigt'" in str(fault) for fault in check_pack(text, "pack.yaml"))
