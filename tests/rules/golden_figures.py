"""The golden figures: what the rooms that only reckon make of a few numbers, kept as text and compared to nine digits.

Series are drawn by a plain multiplication, so that they are the same everywhere.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any
from zoneinfo import ZoneInfo

from rules import days, grouping, hours
from rules import primitive as p
from rules.baseline import Baseline, Side
from rules.canonical import to_json
from rules.chatter import spells_of
from rules.clocks import meet, next_step_at, run_clocks, start_clocks
from rules.definition import Days, Escalation, Hours, Messages, Target
from rules.delay_trial import rounded_up
from rules.effects import AnswerAction
from rules.false_ratio import wilson
from rules.identity import LongMemory, ShortMemory
from rules.kpi_load import floods_of, load_of
from rules.kpi_spans import Span, at_once_max, stale_of
from rules.model import Level, Reason
from rules.rhythm import Rhythm
from rules.signal_kinds import make_signal
from rules.tail import Tail
from rules.trend import Trend, time_to
from rules.usual import Season, local_hour, local_hour_end
from rules.words import Network
from tests.rules.golden_story import shown
from tests.rules.score import T0, event, said, stage

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def series(count: int, seed: int = 7) -> Iterator[float]:
    """Numbers from 0 to 100 that look like chance."""
    for _ in range(count):
        seed = seed * 48_271 % 2_147_483_647
        yield seed % 10_001 / 100


def rounded(value: Any) -> Any:
    """To nine digits, however deep: logarithms differ in the last ones from computer to computer."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value


def baselines() -> Iterator[str]:
    """A month of half-hourly readings with a daily rhythm, a jump, a standstill and a drift."""
    for season, side in ((Season.DAY, Side.BOTH), (Season.WEEK, Side.HIGH), (Season.NONE, Side.LOW)):
        baseline = Baseline(season, side, 0.95)
        yield f"# a baseline by {season}, {side}: reading, score, strangeness, usual"
        for index, noise in enumerate(series(1600)):
            hour, value = index // 2, 20 + 10 * (index // 2 % 24 in range(8, 20)) + noise / 50
            value += 60 * (index in (900, 901, 902, 1100)) - 30 * (index == 1000) + (index - 1400) / 20 * (index > 1400)
            value = 21.5 if 1200 < index < 1250 else value
            judged = baseline.take(hour, value)
            if judged.score > 0.9 or index % 200 == 0:
                yield f"    {index}: {value:.6g}, {judged.score:.9g}, {judged.strangeness:.9g}, {judged.usual:.9g}"
        other = Baseline(season, side, 0.95)
        other.load(baseline.dump())
        yield f"    {rounded(baseline.dump())}"
        yield f"    {rounded(other.take(800, 99.0))} {rounded(baseline.take(800, 99.0))}"
    tail = Tail(3.0)
    yield "# a tail: what surprises it, and what it has learned"
    for index, number in enumerate(series(60, 11)):
        surprise = tail.surprise(number, 0.5)
        tail.learn(number, 0.5, min(index + 1.0, 40.0), 0.25)
        yield f"    {number}: {surprise:.9g} {rounded(tail.dump())}"


def trends() -> Iterator[str]:
    """Points, and when their line reaches a limit."""
    trend = Trend(60_000)
    yield "# a trend over a minute: each reading, whether it fills the window, how far, and the way to 90 and to 5"
    for index, noise in enumerate(series(40, 5)):
        at, value = T0 + index * 7_000 + (100_000 if index > 25 else 0), round(10 + 2.5 * (index % 26) + noise / 40, 2)
        fills = trend.add(at, value, f"e{index}")
        points = trend.points(at, value)
        told = [f"{shown(at, 'at')} {value} {fills} {len(trend.samples)}"]
        if len(points) > 2:
            for limit, is_rising in ((90.0, True), (5.0, False)):
                for within_ms in (30_000, 600_000):
                    is_far = trend.is_far(at, value, limit, is_rising=is_rising, within_ms=within_ms)
                    left = time_to(points, limit, is_rising=is_rising, within_ms=within_ms)
                    told.append(f"{is_far} {left}")
        yield f"    {', '.join(told)}; {rounded(trend.bounds or ())}"


def calendars() -> Iterator[str]:
    """Hours and days, over midnight and where the clocks change."""
    night, noon = Hours(start_minute=1320, end_minute=360), Hours(start_minute=600, end_minute=840)
    workdays = Days(weekdays=(0, 1, 2, 3, 4), plus=frozenset({739_709}), minus=frozenset({739_707}))
    tables = [days.Timetable(one, two) for one in (None, night, noon) for two in ((), (workdays,))]
    instants = [T0 + step * 18_000_000 + 1 for step in range(12)] + [1_774_741_800_000, 1_774_745_400_000, 1_792_891_800_000]
    yield "# timetables: whether they are open, and when they open next"
    for zone in (SHANGHAI, BERLIN):
        for table in tables:
            told = [f"{days.is_open(table, at, zone):d} {days.next_opening(table, at, zone)}" for at in instants]
            yield f"    {zone} {shown(table)}: {', '.join(told)}"
        told = [f"{hours.is_within(one, at, zone):d}" for one in (None, night, noon) for at in instants]
        yield f"    {zone} hours: {''.join(told)} {[hours.next_start(noon, at, zone) - at for at in instants]}"
        yield f"    {zone} local: {[(local_hour(at, zone), local_hour_end(at, zone) - at) for at in instants]}"
    rhythm = Rhythm()
    yield "# a rhythm: what it has learned of a place, and how long it waits"
    for day in range(20):
        at = T0 + day * 86_400_000
        for hour in (1, 2, 5, 9, 9 + day % 3, 13):
            rhythm.learn(at + hour * 3_600_000, at + (hour + 1 + day % 2) * 3_600_000, SHANGHAI, is_watched=day % 5 > 0)
    yield f"    {rounded(rhythm.dump())} {rounded([rhythm.weight(hour) for hour in range(24)])}"
    waits = [rhythm.wait_ms(T0 + hour * 3_700_000, SHANGHAI, 2.5, least_ms=600_000, most_ms=40_000_000) for hour in range(24)]
    yield f"    {waits}"


def loads() -> Iterator[str]:
    """How busy it was, chatter, spans, shares."""
    beginnings = [T0 + round(noise) * 1000 + index * 21_000 for index, noise in enumerate(series(90, 3)) if index % 40 < 24]
    beginnings.sort()
    yield "# loads and floods"
    for end in (T0 + 1_000_000, T0 + 3_600_000, T0 + 7_200_001):
        told = [at for at in beginnings if at < end]
        yield f"    {shown(load_of(told, T0, end))}"
        yield f"    {shown(floods_of(told, T0, end))}"
    yield f"    {shown(spells_of(beginnings))}"
    spans = [Span(T0 + 1000 * one, T0 + 1000 * two if two else None) for one, two in ((0, 5), (5, 9), (4, 0), (90_000, 180_001))]
    yield f"    {at_once_max(spans)} {at_once_max([None, *spans[:2]])} {shown(stale_of(spans, T0, T0 + 190_000_000))}"
    yield f"    {[shown(wilson(count, of)) for count, of in ((0, 0), (0, 4), (1, 4), (4, 4), (37, 100))]}"
    yield f"    {[rounded_up(value) for value in (0.03, 1.0, 1.01, 7.2, 19.9, 61.0, 123.4, 599.0)]}"


def groups() -> Iterator[str]:
    """When the next message is due."""
    terms = Messages(wait_s=20, interval_s=60, repeat_s=300)
    silent = Messages(wait_s=0, interval_s=0, tells_recovery=False)
    standings = [
        grouping.Standing(is_over=over, is_waiting=waiting, is_life_safety=life)
        for over in (False, True)
        for waiting in (False, True)
        for life in (False, True)
    ]
    first = grouping.happened(grouping.UNTOLD, T0, Level.YELLOW, said("one"))
    second = grouping.happened(first, T0 + 5_000, Level.RED, said("two"))
    told = grouping.told(second, T0 + 20_000, is_over=False)
    milder = grouping.happened(told, T0 + 30_000, Level.BLUE, said("three"))
    over = grouping.told(milder, T0 + 80_000, is_over=True)
    again = grouping.happened(over, T0 + 90_000, Level.ORANGE, said("four"))
    yield "# groups of messages, and when each is due"
    every = (grouping.UNTOLD, first, second, told, milder, over, again, grouping.hushed(again), grouping.joined(over, milder))
    for group in (*every, grouping.joined(grouping.UNTOLD, first), grouping.joined(told, over)):
        due = [shown(grouping.due_at(group, one, standing), "at") for one in (terms, silent) for standing in standings]
        owes = [grouping.owes_an_ending(group, one) for one in (terms, silent)]
        yield f"    {shown(group)} {group.has_begun}: {', '.join(due)}; {owes}"
    clocks = start_clocks((Target(name="accepted", within_s=30), Target(name="on_scene", within_s=90.0005)), T0)
    steps = tuple(Escalation(at_share=share, notify=("x",)) for share in (1.0, 0.5, 2.0))
    yield "# clocks"
    for at in (0, 14_999, 15_000, 30_000, 45_000, 60_000, 90_001, 181_000):
        clocks, done = run_clocks(clocks, steps, T0 + at)
        clocks = meet(clocks, ("on_scene",), T0 + at) if at == 60_000 else clocks
        yield f"    {at}: {shown(clocks)} {shown(done)} {shown(next_step_at(clocks, steps), 'at')}"


def memories() -> Iterator[str]:
    """Which ids are new."""
    yield "# the memories of ids: what is new in them, and what is kept of them"
    short, long = ShortMemory(), LongMemory()
    times = (0, 1, 600_000, 600_001, 1_200_002, 86_400_000, 604_800_000, 604_800_001, 1_209_600_003)
    for at in times:
        for name in ("a", "~b"):
            news = short.is_new(("c1", "d1", name), T0 + at), long.is_new(("c1", "d1", name), T0 + at)
            yield f"    {at} {name}: {news} {sorted(long.dirty)} {shown(long.dump(0))}"
    answer = AnswerAction(
        action_id="x", community="c1", is_accepted=True, reason=Reason.OPERATOR_ASKED, sentence=said("done"), at=T0
    )
    long.keep_answer(("c1", "d1", "a"), answer)
    for number in range(300):
        long.is_new(("c1", "d2", f"n{number}"), T0 + 1_209_600_004)
    yield f"    {shown(long.answer(('c1', 'd1', 'a')))} {shown(long.answer(('c1', 'd1', 'z')))} {sorted(long.dirty)}"
    yield f"    {shown(long.dump(0))[:600]} {len(long.dump(1) or ())} {long.dump(7)}"


TESTS: tuple[tuple[str, p.Test, float, float], ...] = (
    ("threshold", p.Threshold(above=50, deadband=5), 10, 20),
    ("both limits", p.Threshold(above=80, below=10), 0, 0),
    ("state", p.StateIs(states=("on",)), 5, 5),
    ("rate", p.Rate(above=60, window_s=30), 0, 10),
    ("fall", p.Rate(above=-60, window_s=30), 0, 0),
    ("count", p.Count(of=p.StateIs(states=("on",)), count=2, within_s=30), 0, 0),
    ("count of limits", p.Count(of=p.Threshold(above=60), count=3, within_s=60), 0, 5),
    ("silence", p.Silence(for_s=25), 0, 0),
    ("forecast", p.Forecast(above=90, in_s=60, window_s=40), 0, 0),
    ("stuck", p.Stuck(for_s=20, tolerance=30), 0, 0),
    ("stuck number", p.Stuck(for_s=20, is_by_seq=True), 0, 0),
    ("burst", p.Burst(of=p.StateIs(states=("on",)), count=2, quiet_s=15), 0, 0),
    ("last of a burst", p.Burst(of=p.StateIs(states=("on",)), count=2, quiet_s=15, speaks_last=True), 0, 0),
    ("impossible", p.Impossible(low=5, high=95, rail_low=10, rail_high=90, jump_per_s=9), 0, 0),
)


def signals() -> Iterator[str]:
    """Each primitive, event by event: its phase, since when, what it measures, cites, keeps, and when it wakes."""
    for name, test, on, off in TESTS:
        signal = make_signal(stage("red", test, on, off))
        yield f"# {name}: {shown(test)} after {on} s, over after {off} s"
        at = T0
        for index, noise in enumerate(series(26, 13)):
            at += 2_000 + round(noise) * 120
            while (due := signal.due_at()) is not None and due <= at:
                is_changed = signal.pass_time(due, is_armed=index % 9 > 0)
                yield f"    {shown(due, 'at')} wakes {is_changed:d} {_state_of(signal)}"
                if signal.due_at() == due:
                    break
            one = event(
                f"d{index % 7 // 5}",
                "generic",
                ("on" if noise > 35 else "off") if "StateIs" in repr(test) else float(round(noise)),
                id=f"e{index}",
                seq=index // 4,
                occurred_at=at - 1_500 if index % 5 == 0 else None,
                confidence=0.5 if index % 6 == 0 else 1.0,
                network=tuple(Network)[index % 4],
                attributes={"gateway": "g1"} if index % 3 == 0 else {},
            )
            is_changed = signal.see(one, at, is_armed=index % 9 > 0)
            if index == 17:
                yield f"    slept {signal.sleep(at, at + 3_000)}"
                at += 3_000
            if index == 22:
                kept = signal.dump(is_open=True)
                signal = make_signal(stage("red", test, on, off))
                signal.load(json.loads(to_json(kept)))
            yield f"    {shown(at, 'at')} {one.device} {round(noise)} {is_changed:d} {_state_of(signal)}"
        signal.begin_anew(at)
        yield f"    anew {_state_of(signal)} {signal.is_idle()}"


def _state_of(signal: Any) -> str:
    """What a signal tells of itself."""
    cited = " ".join(f"{item.event_id}:{item.test}:{_short(item.limit)}:{_short(item.measure)}" for item in signal.evidence())
    again = " ".join(item.event_id for item in signal.evidence_again())
    parts = f"{signal.phase} {shown(signal.since_at, 'at')} {shown(signal.last_at, 'at')} {signal.measure:.9g}"
    return f"{parts} {shown(signal.due_at(), 'at')} [{cited}] [{again}] {signal.is_on:d}{signal.is_idle():d} {_kept(signal)}"


def _short(value: Any) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _kept(signal: Any) -> str:
    """How much the snapshot keeps."""
    return " ".join(_size(one) for one in signal.dump(is_open=False))


def _size(one: Any) -> str:
    if is_dataclass(one):
        return "/".join(str(getattr(one, field.name)) for field in fields(one) if field.name in ("event_id", "test"))
    return f"{len(one)}:{rounded(one)}"[:120] if isinstance(one, list | tuple) else shown(rounded(one))


def page() -> str:
    """All figures."""
    lines = ["What the rooms that only reckon make of a few numbers.", ""]
    for part in (baselines(), trends(), calendars(), loads(), groups(), memories(), signals()):
        lines += part
    return "\n".join(lines) + "\n"
