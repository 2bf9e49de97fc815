"""A test file beside a pack: what it accepts, when a promise is kept, and how a broken one reads."""

from typing import Final

import pytest

from rules.definition import RulePack
from rules.pack import PackError, read_pack
from rules.promise import run_promises
from tests.rules.test_pack import GOOD

SILENT: Final = GOOD.replace('    hours: "22:00-06:00"\n', "")


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return read_pack(SILENT)


def outcome_of(pack: RulePack, case: str) -> str:
    text = f"pack: small\ncases:\n  it:\n{case}"
    (outcome,) = run_promises(pack, text, "small_test.yaml")
    assert outcome.is_kept is not bool(outcome.breaks)
    return str(outcome)


HOT: Final = "    steps: [{at: 0s, kind: temperature, value: 60}]\n"


def test_a_kept_promise_says_so_on_one_line(pack: RulePack) -> None:
    said = outcome_of(pack, HOT + "    expect: [{at: 5s, alarm: opened, level: red, hazard: fire, rule: heat, device: d1}]\n")
    assert said == "small_test.yaml:3: it: kept"


@pytest.mark.parametrize(
    ("expected", "complaint"),
    [
        ("{at: 6s, alarm: opened}", "expected alarm opened at 6 s, came alarm opened at 5 s red by heat"),
        ("{at: 5s, alarm: opened, level: orange}", "expected alarm opened at 5 s level orange, came alarm opened at 5 s red"),
        ("{at: 5s, alarm: opened, says: 火山}", "says 火山"),
        ("{at: 5s, alarm: opened}, {at: 9s, dispatch: completed}", "expected dispatch completed at 9 s, came none"),
        ("", "not expected: alarm opened at 5 s red by heat"),
    ],
)
def test_a_broken_promise_is_one_line_with_what_was_expected_and_what_came(pack: RulePack, expected: str, complaint: str) -> None:
    said = outcome_of(pack, HOT + f"    expect: [{expected}]\n")
    assert complaint in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "expected",
    [
        "{at: 0s, until: 10s, alarm: opened}",
        "{at: 5s, alarm: opened, says: 达到或高于限值}, {at: 5s, incident: opened, zone: b01/u1/0101}",
        "{at: 5s, alarm: opened, says: at or above}, {at: 5s, dispatch: ordered}, {at: 65s, until: 3min, dispatch: expired}",
    ],
)
def test_facts_can_be_expected_in_a_span_by_their_words_and_of_every_sort(pack: RulePack, expected: str) -> None:
    assert outcome_of(pack, HOT + f"    expect: [{expected}]\n").endswith("kept")


def test_a_row_of_events_climbs_evenly(pack: RulePack) -> None:
    steps = "    steps: [{at: 0s, until: 40min, every: 60s, kind: temperature, value: 20, to: 60}]\n"
    said = outcome_of(pack, steps + "    expect: [{at: 1830s, warning: opened, level: yellow}, {at: 2225s, alarm: opened}]\n")
    assert said.endswith("kept")


def test_a_row_that_climbs_needs_to_know_from_where_and_until_when(pack: RulePack) -> None:
    steps = "    steps: [{at: 0s, kind: temperature, value: 20, to: 60}]\n"
    with pytest.raises(PackError, match="to needs value, every and until"):
        run_promises(pack, "pack: small\ncases:\n  it:\n" + steps + "    expect: []\n", "small_test.yaml")


def test_days_pass_in_a_moment_and_time_of_day_counts(pack: RulePack) -> None:
    night = '    starts: "23:00"\n    steps: [{at: 0s, kind: motion, state: "on", zone: b1/u1/0301}]\n    ends: 13h\n'
    assert outcome_of(pack, night + "    expect: [{at: 12h, warning: opened, rule: silent}]\n").endswith("kept")


def test_hours_are_local_to_the_pack() -> None:
    nights = read_pack(
        GOOD.replace("{level: yellow, silent_for: 12h}", '{level: yellow, state: "on", for: 60s}').replace(
            "    unwatch: has(attributes.away)\n", ""
        )
    )
    steps = '    steps: [{at: 0s, kind: motion, state: "on"}]\n'
    assert outcome_of(nights, '    starts: "22:30"\n' + steps + "    expect: [{at: 60s, warning: opened}]\n").endswith("kept")
    assert outcome_of(nights, '    starts: "15:30"\n' + steps + "    ends: 30min\n    expect: []\n").endswith("kept")


def test_people_take_part(pack: RulePack) -> None:
    steps = (
        "    steps:\n"
        "      - {at: 0s, kind: temperature, value: 60}\n"
        "      - {at: 20s, do: acknowledge, on: incident}\n"
        "      - {at: 30s, do: accept, on: dispatch}\n"
    )
    expect = "    expect: [{at: 5s, alarm: opened}, {at: 20s, incident: acknowledged}, {at: 30s, dispatch: accepted}]\n"
    assert outcome_of(pack, steps + expect).endswith("kept")


def test_a_deed_that_is_refused_breaks_the_promise(pack: RulePack) -> None:
    steps = "    steps: [{at: 0s, kind: temperature, value: 60}, {at: 20s, do: complete, on: dispatch}]\n"
    assert "complete was refused" in outcome_of(pack, steps + "    expect: [{at: 5s, alarm: opened}]\n")


def test_a_deed_with_nothing_to_do_it_to_breaks_the_promise(pack: RulePack) -> None:
    steps = "    steps: [{at: 0s, kind: temperature, value: 20}, {at: 20s, do: acknowledge, on: alarm}]\n"
    assert "there is no alarm to acknowledge" in outcome_of(pack, steps + "    expect: []\n")


def test_each_case_starts_from_nothing(pack: RulePack) -> None:
    case = HOT + "    expect: [{at: 5s, alarm: opened}]\n"
    outcomes = run_promises(pack, f"pack: small\ncases:\n  one:\n{case}  two:\n{case}")
    assert [(outcome.is_kept, outcome.fired, outcome.line) for outcome in outcomes] == [
        (True, ("heat",), 3),
        (True, ("heat",), 6),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("pack: other\ncases:\n  it:\n" + HOT + "    expect: []\n", 1, "are about 'other', the pack is 'small'"),
        (
            "pack: small\ncases:\n  it:\n    steps: [{at: 0s, kind: temprature}]\n    expect: []\n",
            4,
            "did you mean 'temperature'?",
        ),
        ("pack: small\ncases:\n  it:\n" + HOT + "    expect: [{at: 5s, alarm: opened, rule: haet}]\n", 5, "unknown rule 'haet'"),
        ("pack: small\ncases:\n  it:\n" + HOT + "    expect: [{at: 5s, level: red}]\n", 5, "exactly one of warning, alarm"),
        ("pack: small\ncases:\n  it:\n    about: haet\n" + HOT + "    expect: []\n", 4, "unknown rule 'haet'"),
        ("pack: small\ncases:\n  it:\n    steps: [{at: 0s, kind: smoke}]\n    expect: []\n", 4, "comes as state or alarm"),
        ("pack: small\ncases:\n  it:\n    steps: [{at: 0s, value: 1}]\n    expect: []\n", 4, "has no kind"),
        ("pack: small\ncases:\n  it:\n    steps: [{at: 0s, kind: battery, every: 5s}]\n    expect: []\n", 4, "every and until"),
        ("pack: small\ncases:\n  it:\n    steps: [{at: 0s, do: dance}]\n    expect: []\n", 4, "dance"),
        ("pack: small\ncases:\n  it:\n" + HOT, 3, "'expect' is missing"),
        ("pack: small\ncases: {}\n", 2, "at least 1"),
        ('pack: small\nstarts: "24:00"\ncases:\n  it:\n' + HOT + "    expect: []\n", 2, "like 23:00"),
        ("pack: [", 1, "not YAML"),
    ],
)
def test_a_faulty_test_file_is_refused_with_line_and_column(pack: RulePack, text: str, line: int, message: str) -> None:
    with pytest.raises(PackError) as raised:
        run_promises(pack, text, "small_test.yaml")
    assert [fault for fault in raised.value.faults if fault.line == line and message in fault.message], str(raised.value)


def test_the_same_file_gives_the_same_outcomes(pack: RulePack) -> None:
    text = "pack: small\ncases:\n  it:\n" + HOT + "    expect: []\n"
    assert run_promises(pack, text) == run_promises(pack, text)


def test_a_deed_may_be_done_to_a_device(pack: RulePack) -> None:
    steps = (
        "    steps:\n"
        "      - {at: 0s, do: maintain, on: device, device: d1, arguments: {for_s: 3600, reason: battery}}\n"
        "      - {at: 1s, kind: temperature, value: 60, device: d1}\n"
    )
    said = outcome_of(pack, steps + "    expect: [{at: 6s, alarm: opened, device: d1}]\n")
    assert said.endswith("kept")
