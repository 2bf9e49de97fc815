"""Row 37: the KPI report of ISA-18.2 and EEMUA 191 equals a recount of the same lines, slow and obvious, from nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import isclose
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules.false_ratio import JudgedCase
from rules.kpi import KpiReport, PositionKpi, kpi
from rules.kpi_load import DAY_MS, HOUR_MS, floods_of, load_of
from rules.kpi_spans import STALE_MS, Span, Waited, at_once_max, stale_of, waited_of
from rules.kpi_targets import Figure, Standing, figures_of, is_good
from rules.lifecycle import ALARM, move
from rules.model import Entity, Fact, Level, Reason, Sentence, Status, Verdict
from rules.primitive import Threshold
from tests.rules.score import T0, Play, event, pack, rule, said, stage

MINUTE: Final = 60_000
TEN: Final = 10 * MINUTE


# ------------------------------------------------------------------------------------------- a past that never was
# An alarm walks through the lifecycle's table; each step is a line of the timeline as the chain would write it.


def line(alarm: int, at: int, transition: str, origin: str, state: str, **other: object) -> Fact:
    values: dict[str, object] = {
        "id": f"f-{at}-{alarm}",
        "at": at,
        "community": "c1",
        "entity": Entity.ALARM,
        "entity_id": f"a-{alarm}",
        "incident_id": f"i-{alarm}",
        "transition": transition,
        "from_state": origin,
        "to_state": state,
        "reason": Reason.LIMIT_CROSSED,
        "cause_id": "e",
        "sentence": Sentence("", ""),
        "hazard": "fire",
        "level": Level.YELLOW,
        "zone": "b01",
        "device": f"d{alarm % 3}",
        "rule": "leak",
    }
    return Fact(**{**values, **other})  # type: ignore[arg-type]  # any field may be given by name


MOVES: Final[dict[str, tuple[str, Callable[[bool], bool], dict[str, object]]]] = {
    "return": ("cleared", lambda active: active, {"reason": Reason.BACK_TO_NORMAL}),
    "acknowledge": ("acknowledged", lambda _: True, {"actor": "li", "reason": Reason.OPERATOR_ASKED}),
    "unacknowledge": ("unacknowledged", lambda _: True, {"actor": "li", "reason": Reason.OPERATOR_ASKED}),
    "retrigger": ("retriggered", lambda active: not active, {}),
    "worsen": ("level_changed", lambda active: active, {"reason": Reason.WORSENED, "level": Level.RED}),
    "ease": ("level_changed", lambda active: active, {"reason": Reason.EASED, "level": Level.BLUE}),
    "shelve": ("shelved", lambda _: True, {"actor": "li", "reason": Reason.OPERATOR_ASKED}),
    "unshelve_active": ("unshelved", lambda active: active, {"reason": Reason.SHELF_TIME_OVER}),
    "unshelve_seen_active": ("unshelved", lambda active: active, {"actor": "li", "reason": Reason.OPERATOR_ASKED}),
    "unshelve_normal": ("unshelved", lambda active: not active, {"reason": Reason.SHELF_TIME_OVER}),
    "suppress": ("suppressed", lambda active: active, {"reason": Reason.INHIBITED}),
    "unsuppress_active": ("unsuppressed", lambda active: active, {"reason": Reason.CAUSE_ENDED}),
    "unsuppress_normal": ("unsuppressed", lambda active: not active, {"reason": Reason.CAUSE_ENDED}),
    "retire": ("retired", lambda active: active, {}),
    "restore_active": ("restored", lambda active: active, {}),
    "restore_normal": ("restored", lambda active: not active, {}),
    "close": ("closed", lambda _: True, {"actor": "li", "reason": Reason.INCIDENT_CLOSED}),
}


def walked(steps: list[tuple[int, int, int]], tick: int) -> list[Fact]:
    """The lines of some alarms: each step is who moves, how many ticks after the last, and which of its possible moves."""
    facts: list[Fact] = []
    states: dict[int, tuple[str, bool, int]] = {}  # state, is active, at
    names: dict[int, int] = {}
    at = T0
    for who, wait, choice in steps:
        at += wait * tick
        name = names.setdefault(who, who)
        if name in states and states[name][0] == "normal":
            name = names[who] = name + 3  # ended: what comes next is another record of the same device
        if name not in states:
            facts.append(line(name, at, "opened", "", "unacknowledged"))
            states[name] = ("unacknowledged", True, at)
            continue
        state, is_active, last_at = states[name]
        if last_at == at:
            continue  # one step of an alarm at one instant
        possible = [word for word, (_, fits, _) in MOVES.items() if (state, word) in ALARM.table and fits(is_active)]
        word = possible[choice % len(possible)]
        transition, _, other = MOVES[word]
        after = move(ALARM, state, word)
        facts.append(line(name, at, transition, state, after, **other))
        is_now = (is_active or word == "retrigger") and transition != "cleared" and after != "normal"
        states[name] = (after, is_now, at)
    return facts


# ------------------------------------------------------------------------------------------------------ the recount


class Recount:
    """The same figures, by looking at every tick and every pair."""

    def __init__(self, facts: list[Fact], from_at: int, until_at: int, tick: int) -> None:
        self.facts = [fact for fact in facts if fact.at < until_at]
        self.from_at, self.until_at = from_at, until_at
        self.ticks = range(from_at, until_at, tick)
        self.tick = tick
        self.alarms = sorted({fact.entity_id for fact in self.facts})
        self.rung = [fact for fact in self.facts if fact.at >= from_at and self.rings(fact)]

    @staticmethod
    def rings(fact: Fact) -> bool:
        is_new = fact.to_state == "unacknowledged" and fact.from_state != "unacknowledged"
        is_worse = fact.to_state == fact.from_state == "unacknowledged" and fact.reason is Reason.WORSENED
        return (is_new or is_worse) and fact.actor == ""

    def own(self, alarm: str, at: int) -> list[Fact]:
        """Its lines up to just after this instant."""
        return [fact for fact in self.facts if fact.entity_id == alarm and fact.at <= at]

    def state(self, alarm: str, at: int) -> str:
        lines = self.own(alarm, at)
        return lines[-1].to_state if lines else "normal"

    def held_since(self, alarm: str, at: int) -> int | None:
        """Since when its condition has held; None where it does not."""
        since = None
        for fact in self.own(alarm, at):
            if fact.transition in ("opened", "retriggered"):
                since = fact.at
            elif fact.transition == "cleared" or fact.to_state == "normal":
                since = None
        return since

    def at_once(self, is_meant: Callable[[str, int], bool]) -> int:
        return max((sum(is_meant(alarm, at) for alarm in self.alarms) for at in self.ticks), default=0)

    def peak(self) -> int:
        instants = [fact.at for fact in self.rung]
        return max((sum(end - TEN < at <= end for at in instants) for end in instants), default=0)

    def busy(self, size: int, above: int) -> float:
        starts = list(range(self.from_at, self.until_at, size))
        return sum(sum(start <= fact.at < start + size for fact in self.rung) > above for start in starts) / len(starts)

    def flood_ms(self) -> tuple[int, int]:
        """How many floods, and how long together: judged anew at each tick (all instants are ticks, and so are 10 minutes)."""
        count = total = 0
        is_on = False
        for at in self.ticks:
            rung = [fact.at for fact in self.rung]
            is_on = is_on and sum(at - TEN < one < at for one in rung) >= 5  # over before what comes at this instant
            here = [one for one in rung if one == at]
            before = [one for one in rung if at - TEN < one < at]
            if not is_on and here and len(before) + len(here) > 10:
                is_on, count = True, count + 1
            total += self.tick if is_on else 0
        return count, total

    def runs(self, states: tuple[str, ...]) -> list[tuple[int, int | None]]:
        """From when until when each alarm was in one of these states; None: to the end and beyond."""
        found: list[tuple[int, int | None]] = []
        for alarm in self.alarms:
            since = None
            for fact in self.own(alarm, self.until_at):
                if fact.to_state in states and since is None:
                    since = fact.at
                elif fact.to_state not in states and since is not None:
                    found.append((since, fact.at))
                    since = None
            if since is not None:
                found.append((since, None))
        return found

    def begun(self) -> dict[str, list[int]]:
        """By device, when conditions began in the stretch, but for those that began in a state out of service."""
        found: dict[str, list[int]] = {}
        for fact in self.facts:
            is_begin = fact.transition in ("opened", "retriggered") and fact.to_state != "out_of_service"
            if is_begin and fact.at >= self.from_at:
                found.setdefault(fact.device, []).append(fact.at)
        return found

    def fleeting(self) -> int:
        count = 0
        for fact in self.facts:
            if fact.transition not in ("opened", "retriggered") or fact.to_state == "out_of_service" or fact.at < self.from_at:
                continue
            later = [one for one in self.facts if one.entity_id == fact.entity_id and one.at > fact.at]
            until_end = []
            for one in later:
                until_end.append(one)
                if one.transition == "cleared" or one.to_state == "normal":
                    break
            end = until_end[-1] if until_end else None
            is_by_itself = end is not None and end.transition == "cleared" and not any(one.actor for one in until_end)
            count += bool(end is not None and is_by_itself and end.at - fact.at < MINUTE)
        return count


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from([0, 0, 1, 1, 2, 5, 30]), st.integers(0, 20)), max_size=60)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.sampled_from([20_000, MINUTE, HOUR_MS]), st.integers(0, 60), st.integers(1, 120))
def test_every_figure_is_what_the_slow_recount_says(steps: list[tuple[int, int, int]], tick: int, start: int, long: int) -> None:
    from_at = T0 + start * tick
    until_at = from_at + long * tick
    facts = walked(steps, tick)
    report = kpi(facts, [], None, from_at=from_at, until_at=until_at)
    slow = Recount(facts, from_at, until_at, tick)
    one = report.whole
    assert one.load.count == len(slow.rung)
    assert one.load.peak_10min == slow.peak()
    assert isclose(one.load.per_day, len(slow.rung) / ((until_at - from_at) / DAY_MS))
    assert one.load.busy_10min_share == slow.busy(TEN, 10)
    assert one.load.busy_hour_share == slow.busy(HOUR_MS, 30)
    assert (len(one.floods.spells), round(one.floods.time_s * 1000)) == slow.flood_ms() or tick > TEN
    assert {top.place: top.count for top in one.top} == Counter(f"b01/{fact.device}" for fact in slow.rung)
    assert one.by_level == {level: sum(fact.level is level for fact in slow.rung) for level in Level}
    assert one.standing_max == slow.at_once(lambda alarm, at: slow.held_since(alarm, at) is not None)
    assert one.stale_max == slow.at_once(lambda alarm, at: _is_stale(slow, alarm, at))
    for quiet in one.quiet:
        runs = [run for run in slow.runs((quiet.state,)) if run[1] is None or run[1] > from_at]
        assert quiet.count == len(runs)
        assert quiet.at_once_max == slow.at_once(partial(_is_in, slow, quiet.state))
        held = sum(slow.state(alarm, at) == quiet.state for alarm in slow.alarms for at in slow.ticks)
        assert isclose(quiet.hours, held * tick / HOUR_MS)
    begun = slow.begun()
    assert one.chattering_count == sum(_chatters(instants) for instants in begun.values())
    assert one.fleeting_count == slow.fleeting()
    waits = [run for run in slow.runs(("unacknowledged", "returned_unacknowledged")) if run[0] >= from_at]
    lasted = sorted(((until_at if end is None else end) - begin) / 1000 for begin, end in waits)
    assert (one.waited.count, one.waited.still_count) == (len(waits), sum(end is None for _, end in waits))
    assert one.waited.max_s == (lasted[-1] if lasted else None)
    if lasted:
        assert sum(each <= (one.waited.median_s or 0) for each in lasted) * 2 >= len(lasted)
        assert sum(each < (one.waited.p90_s or 0) for each in lasted) * 10 < len(lasted) * 9


def _is_in(slow: Recount, state: str, alarm: str, at: int) -> bool:
    return slow.state(alarm, at) == state


def _is_stale(slow: Recount, alarm: str, at: int) -> bool:
    since = slow.held_since(alarm, at)
    return since is not None and at + 1 - since > DAY_MS  # just after the tick


def _chatters(instants: list[int]) -> bool:
    return any(sum(begin <= one < begin + MINUTE for one in instants) >= 3 for begin in instants)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=70), st.integers(1, 60))
def test_floods_and_peaks_of_many_alarms_are_what_the_recount_says(gaps: list[int], tick_s: int) -> None:
    tick = {1: 1000, 2: 10_000}.get(tick_s, 60_000)  # each divides the ten minutes
    instants = [T0 + tick * sum(gaps[: number + 1]) for number in range(len(gaps))]
    until_at = instants[-1] + tick
    facts = [line(number, at, "opened", "", "unacknowledged") for number, at in enumerate(instants)]
    slow = Recount(facts, T0, until_at, tick)
    floods = floods_of(instants, T0, until_at)
    assert (len(floods.spells), round(floods.time_s * 1000)) == slow.flood_ms()
    assert load_of(instants, T0, until_at).peak_10min == slow.peak()
    assert all(spell.count > 10 and spell.peak >= 11 for spell in floods.spells)


# -------------------------------------------------------------------------------------------------- the boundaries


def test_the_peak_is_half_open_to_the_millisecond() -> None:
    eleven = [T0 + number for number in range(10)]
    assert load_of([*eleven, T0 + TEN - 1], T0, T0 + HOUR_MS).peak_10min == 11
    assert load_of([*eleven, T0 + TEN], T0, T0 + HOUR_MS).peak_10min == 10
    assert load_of([*eleven, T0 + TEN], T0, T0 + HOUR_MS).peak_at == T0 + 9
    assert load_of([], T0, T0 + 1).peak_at is None


def test_a_stretch_takes_its_first_instant_and_not_its_last() -> None:
    facts = [line(number, T0 + at, "opened", "", "unacknowledged") for number, at in enumerate((-1, 0, 999, 1000))]
    report = kpi(facts, [], None, from_at=T0, until_at=T0 + 1000)
    assert report.whole.load.count == 2
    with pytest.raises(ValueError, match="before it begins"):
        kpi([], [], None, from_at=T0, until_at=T0)


def test_a_flood_begins_above_ten_and_ends_below_five_by_the_live_definition() -> None:
    instants = [T0 + 1000 * number for number in range(11)]
    assert floods_of(instants[:10], T0, T0 + HOUR_MS).spells == ()
    (spell,) = floods_of(instants, T0, T0 + HOUR_MS).spells
    assert (spell.began_at, spell.ended_at, spell.count, spell.is_over) == (T0 + 10_000, T0 + 606_000, 11, True)
    (running,) = floods_of(instants, T0, T0 + 605_999).spells
    assert (running.ended_at, running.is_over) == (T0 + 605_999, False)
    (ended,) = floods_of(instants, T0, T0 + 606_000).spells
    assert ended.is_over
    again = floods_of([*instants, *[T0 + HOUR_MS + 1000 * number for number in range(11)]], T0, T0 + 2 * HOUR_MS)
    assert (len(again.spells), again.time_s, again.time_share) == (2, 1192.0, 1192 / 7200)


def test_an_alarm_at_the_instant_at_which_a_flood_ends_is_no_longer_of_it() -> None:
    instants = [T0 + 1000 * number for number in range(11)]
    (before,) = floods_of([*instants, T0 + 605_999], T0, T0 + HOUR_MS).spells
    (exactly,) = floods_of([*instants, T0 + 606_000], T0, T0 + HOUR_MS).spells
    assert (before.ended_at, before.count) == (T0 + 607_000, 12)
    assert (exactly.ended_at, exactly.count) == (T0 + 606_000, 11)


def test_chatter_and_fleeting_count_from_the_first_instant_of_the_stretch() -> None:
    facts: list[Fact] = []
    for number in range(3):
        at = T0 + 20_000 * number
        facts.append(line(number * 3, at, "opened", "", "unacknowledged"))  # three records of the same device
        facts.append(line(number * 3, at + 1000, "cleared", "unacknowledged", "returned_unacknowledged"))
    whole = kpi(facts, [], None, from_at=T0, until_at=T0 + HOUR_MS).whole
    assert (whole.chattering_count, whole.fleeting_count) == (1, 3)
    assert [(one.place, one.spell_count, one.chatter_count, one.fleeting_count) for one in whole.restless] == [
        ("b01/d0", 1, 3, 3)
    ]
    later = kpi(facts, [], None, from_at=T0 + 1, until_at=T0 + HOUR_MS).whole
    assert (later.chattering_count, later.fleeting_count) == (0, 2)


def test_stale_is_more_than_a_day_and_not_a_day() -> None:
    assert STALE_MS == 24 * 3_600_000
    exactly, longer = Span(T0, T0 + STALE_MS), Span(T0, T0 + STALE_MS + 1)
    assert stale_of([exactly], T0, T0 + 9 * DAY_MS) == ()
    assert stale_of([longer], T0, T0 + 9 * DAY_MS) == (Span(T0 + STALE_MS, T0 + STALE_MS + 1),)
    assert stale_of([Span(T0, None)], T0, T0 + STALE_MS) == ()
    assert stale_of([Span(T0, None)], T0, T0 + STALE_MS + 1) != ()
    assert at_once_max(stale_of([longer, Span(T0, None)], T0, T0 + 9 * DAY_MS)) == 2


def test_what_still_waits_counts_as_long_as_it_has() -> None:
    facts = [
        line(1, T0, "opened", "", "unacknowledged"),
        line(1, T0 + 60_000, "acknowledged", "unacknowledged", "acknowledged", actor="li"),
        line(2, T0 + 1000, "opened", "", "unacknowledged"),
    ]
    assert waited_of(facts, T0, T0 + 101_000) == Waited(count=2, still_count=1, median_s=60.0, p90_s=100.0, max_s=100.0)
    ten = [line(number, T0, "opened", "", "unacknowledged") for number in range(1, 11)]
    ten += [line(number, T0 + 1000 * number, "closed", "unacknowledged", "normal", actor="li") for number in range(1, 11)]
    assert waited_of(ten, T0, T0 + HOUR_MS) == Waited(count=10, still_count=0, median_s=5.0, p90_s=9.0, max_s=10.0)
    assert waited_of([], T0, T0 + 1) == Waited(count=0, still_count=0, median_s=None, p90_s=None, max_s=None)


# ----------------------------------------------------------------------------------------------- from the real chain

LEAK: Final = rule("leak", "generic", alarms=(stage("yellow", Threshold(above=10)),), plan="p")
PLAN: Final = d.Plan(id="p", title=said("plan"), notify_on_alarm=("property",))
DESKS: Final = (
    d.Position(id="north", title=said("north"), zones=("b01",)),
    d.Position(id="guards", title=said("guards"), parties=("property",)),
)


def storm(positions: tuple[d.Position, ...] = (), status: Status = Status.ACTUAL) -> tuple[Play, d.RulePack]:
    laid = pack(LEAK, plans=(PLAN,), parties=("property",), positions=positions)
    play = Play(laid)
    for number in range(12):
        zone = f"b0{1 + number % 2}"
        play.receive(event(f"d{number}", "generic", 20.0, id=f"e{number}", zone=zone, status=status), number)
    play.advance(3000)
    return play, laid


def of(play: Play, laid: d.RulePack | None, cases: list[JudgedCase] | None = None) -> KpiReport:
    return kpi(play.facts, cases or [], laid, from_at=T0, until_at=T0 + HOUR_MS)


def test_the_floods_of_the_report_are_those_that_the_chain_told() -> None:
    play, laid = storm()
    told = [(fact.transition, fact.at) for fact in play.facts if fact.entity is Entity.POSITION]
    (spell,) = of(play, laid).positions[0].floods.spells
    assert told == [("flood_began", spell.began_at), ("flood_over", spell.ended_at)]
    assert (spell.count, spell.peak) == (12, 12)


def test_each_position_has_its_own_figures_and_the_whole_counts_each_alarm_once() -> None:
    play, laid = storm(DESKS)
    report = of(play, laid)
    assert [(one.position, one.load.count) for one in report.positions] == [("c1/guards", 12), ("c1/north", 6)]
    assert report.whole.load.count == 12
    bare = of(play, None)
    assert [(one.position, one.load.count) for one in bare.positions] == [("c1", 12)]


def test_exercises_are_in_no_figure_and_counted_apart() -> None:
    play, laid = storm(status=Status.EXERCISE)
    report = of(play, laid)
    assert (report.apart_count, report.positions, report.whole.load.count) == (12, (), 0)


def test_verdicts_are_part_of_it() -> None:
    play, laid = storm()
    cases = [JudgedCase(rule="leak", incident_id="i1", verdict=Verdict.FALSE)]
    report = of(play, laid, cases)
    assert report.all_verdicts.case_count == len(report.verdicts) == 1


def test_the_same_lines_give_the_same_report() -> None:
    play, laid = storm(DESKS)
    assert of(play, laid) == of(play, laid)


# ------------------------------------------------------------------------------------------------------ the targets


def figures(one: PositionKpi) -> dict[str, Figure]:
    found = {figure.name: figure for figure in figures_of(one)}
    assert len(found) == len(figures_of(one))
    return found


EMPTY: Final = kpi([], [], None, from_at=T0, until_at=T0 + 30 * DAY_MS).whole


def test_a_quiet_month_is_good_and_says_nothing_of_what_was_not() -> None:
    found = figures(EMPTY)
    assert is_good(tuple(found.values()))
    assert {figure.standing for figure in found.values()} == {Standing.GOOD, Standing.UNJUDGED}
    assert (found["level_red"].value, found["level_blue"].value, found["waited_max"].value) == (None, None, None)
    for figure in found.values():
        assert figure.title.zh
        assert figure.title.en
        assert bool(figure.source) == (figure.target.en != "no published target")


@pytest.mark.parametrize(
    ("name", "changes", "standings"),
    [
        ("per_day", {150.0: "good", 150.1: "manageable", 300.0: "manageable", 300.1: "over"}, "per_day"),
        ("per_hour", {6.0: "good", 12.0: "manageable", 12.1: "over"}, "per_hour"),
        ("per_10min", {1.0: "good", 2.0: "manageable", 2.1: "over"}, "per_10min"),
        ("peak_10min", {10: "good", 11: "over"}, "peak_10min"),
        ("busy_10min", {0.0: "good", 0.0099: "good", 0.01: "over"}, "busy_10min_share"),
        ("busy_hour", {0.0099: "good", 0.01: "over"}, "busy_hour_share"),
    ],
)
def test_a_rate_is_judged_at_its_target(name: str, changes: dict[float, str], standings: str) -> None:
    for value, standing in changes.items():
        found = figures(replace(EMPTY, load=replace(EMPTY.load, **{standings: value})))  # type: ignore[arg-type]  # a number
        assert (found[name].value, found[name].standing) == (value, standing)


@pytest.mark.parametrize(
    ("name", "field", "good", "over"),
    [
        ("stale_max", "stale_max", 4, 5),
        ("standing_max", "standing_max", 9, 10),
        ("chattering", "chattering_count", 0, 1),
        ("fleeting", "fleeting_count", 0, 1),
    ],
)
def test_a_nuisance_is_judged_at_its_target(name: str, field: str, good: int, over: int) -> None:
    assert figures(replace(EMPTY, **{field: good}))[name].standing is Standing.GOOD  # type: ignore[arg-type]  # a count
    assert figures(replace(EMPTY, **{field: over}))[name].standing is Standing.OVER  # type: ignore[arg-type]  # a count


def test_time_in_flood_and_the_shelves_are_judged() -> None:
    flooded = replace(EMPTY, floods=replace(EMPTY.floods, time_share=0.01))
    assert figures(flooded)["flood_share"].standing is Standing.OVER
    assert not is_good(figures_of(flooded))
    shelved = [replace(quiet, at_once_max=30) for quiet in EMPTY.quiet]
    assert figures(replace(EMPTY, quiet=tuple(shelved)))["shelved_max"].standing is Standing.OVER


def test_shares_are_judged_only_where_there_are_enough_alarms() -> None:
    few = replace(EMPTY, load=replace(EMPTY.load, count=99), by_level=dict.fromkeys(Level, 25))
    assert figures(few)["level_red"].standing is Standing.UNJUDGED
    assert figures(few)["level_blue"].standing is Standing.UNJUDGED
    mix = {Level.RED: 1, Level.ORANGE: 5, Level.YELLOW: 14, Level.BLUE: 80}
    good = replace(EMPTY, load=replace(EMPTY.load, count=100), by_level=mix, top_share=1.0)
    assert {figures(good)[f"level_{level}"].standing for level in Level} == {Standing.GOOD}
    assert figures(good)["top_share"].standing is Standing.UNJUDGED
    bad = replace(good, by_level={Level.RED: 2, Level.ORANGE: 6, Level.YELLOW: 16, Level.BLUE: 76})
    assert {figures(bad)[f"level_{level}"].standing for level in Level} == {Standing.OVER}
    many = replace(EMPTY, load=replace(EMPTY.load, count=200))
    assert figures(replace(many, top_share=0.05))["top_share"].standing is Standing.GOOD
    assert figures(replace(many, top_share=0.051))["top_share"].standing is Standing.OVER
