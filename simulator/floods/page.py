"""The page about the real floods, in Markdown: which colour came when, how long before the water, and what was false."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rules.definition import RulePack
from rules.model import Level
from simulator.floods.outcome import UP, Outcome, limits

BUCKETS_MIN = (5, 10, 20, 30, 60)
"""Bounds between the columns of the lead's distribution [min]; ours."""


def page(outcomes: Sequence[Outcome], pack: RulePack) -> str:
    """The whole page, in Markdown."""
    depths = limits(pack)
    parts = [
        _HEAD.format(pack=pack.id, version=pack.version, count=f"{len(outcomes):,}", depths=_depths(depths)),
        "## In short\n",
        *_short(outcomes, depths),
        "\n## Lead of each colour\n",
        _LEAD,
        leads(outcomes, depths),
        "\n## In order, up and down\n",
        *_order(outcomes),
        "\n## What was missed, and what was false\n",
        *_wrong(outcomes, depths),
        f"\n## Every flood that came to {depths[Level.RED]:g} mm\n",
        _ROWS,
        red_floods(outcomes, depths),
    ]
    return "\n".join(parts) + "\n"


_HEAD = """\
# Real floods

What the rule pack `{pack}` {version} says of {count} real street floods (FloodNet NYC, NYC Open Data; January 2021 to May 2026,
108 ultrasonic sensors, a reading in 63 s), fed through the event contract and the chain in virtual time. The colours of the
pack: {depths}; blue and yellow are early warnings (预警), orange
and red are alarms (报警). This page is written by `python -m simulator.real_floods > docs/real-floods.md`; a test holds the table
of the worst floods to what the chain says today.

Each flood is alone in its community: its sensor says 0 for an hour, then the recorded curve, then 0 for an hour. The authority's
rainstorm signal, which lowers the limits, is not given.
"""

_LEAD = """\
From when a colour was told (or at once a worse one) to when the water stood at the depth of a worse one. The delays of the pack
are in it: it waits a minute before it believes a level. p10: nine floods in ten gave more time than this.
"""

_ROWS = """\
Minutes from the first water to each colour, and to the depth that it stands for. A colour that comes before its depth was
foreseen by the trend.
"""


_DRY = """\
- Dry time proves little here: FloodNet takes the noise of its sensors out, so a dry street says 0 and nothing else. What noise
  does to the pack is tested on the quiet day of the simulator's community.\
"""


def leads(outcomes: Sequence[Outcome], depths: Mapping[Level, float]) -> str:
    """The table of leads: how many floods had which."""
    bounds = [f"{low} to {high} min" for low, high in zip((0, *BUCKETS_MIN), BUCKETS_MIN, strict=False)]
    head = ("from", "to", "floods", "p50, min", "p10, min", "none", *bounds, f"over {BUCKETS_MIN[-1]} min")
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for index, before in enumerate(UP):
        for after in UP[index + 1 :]:
            times = sorted(_leads(outcomes, before, depths[after]))
            if times:
                cells = [before.value, f"{depths[after]:g} mm ({after.value})", str(len(times))]
                cells += [f"{_share(times, 0.5):.0f}", f"{_share(times, 0.1):.0f}", *_buckets(times)]
                lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _leads(outcomes: Sequence[Outcome], before: Level, depth_mm: float) -> list[float]:
    """Minutes of lead of each flood that came to this depth; never below 0, which is no lead."""
    times = []
    for each in outcomes:
        reached_at, told_at = each.flood.reached_at(depth_mm), each.first_at(before)
        if reached_at is not None:
            times.append(0.0 if told_at is None else max(0.0, (reached_at - told_at) / 60_000))
    return times


def _buckets(times: Sequence[float]) -> list[str]:
    counts = Counter(sum(time > bound for bound in (0, *BUCKETS_MIN)) for time in times)
    return [str(counts[index]) for index in range(len(BUCKETS_MIN) + 2)]


def _share(times: Sequence[float], share: float) -> float:
    """The value below which this share of the sorted times lies."""
    return times[min(len(times) - 1, int(len(times) * share))]


def _depths(depths: Mapping[Level, float]) -> str:
    return ", ".join(f"{level.value} at {depth:g} mm" for level, depth in depths.items())


def _short(outcomes: Sequence[Outcome], depths: Mapping[Level, float]) -> list[str]:
    lines = []
    for level, depth in depths.items():
        reached = [each for each in outcomes if each.flood.reached_at(depth) is not None]
        told = sum(each.first_at(level) is not None for each in reached)
        lines.append(
            f"- **{level.value}**: {len(reached):,} floods came to {depth:g} mm; {told:,} were told {level.value} or worse."
        )
    alarmed = [each for each in outcomes if each.alarm_at is not None]
    warned = sum(each.first_at(Level.BLUE) != each.alarm_at for each in alarmed)
    lines.append(f"- **Alarms**: {len(alarmed)}, of which {warned} were warned of before.")
    dry_h = sum(2.0 for _ in outcomes)
    dry = sum(each.dry_count for each in outcomes)
    lines.append(f"- **Dry time**: {dry_h:,.0f} h in all, {dry} false warnings or alarms.")
    return lines


def _order(outcomes: Sequence[Outcome]) -> list[str]:
    told = [each for each in outcomes if each.worst is not None]
    up = sum(each.is_up_in_order for each in told)
    down = [each for each in told if each.is_down_in_order]
    skipped = [each for each in told if each.skipped]
    rest = len(told) - len(down)
    again = sum(each.is_over for each in told if not each.is_down_in_order)
    whole = sum(each.climb == UP for each in told)
    return [
        f"- Up: {up:,} of {len(told):,} floods that were told had each colour after all milder ones; {whole} had all four.",
        f"- Skipped: {len(skipped)} floods rose past two depths between two readings or within the delay: {_skips(skipped)}.",
        f"- Down: {len(down):,} of {len(told):,} went back colour by colour and ended (cancelled, expired or cleared).",
        f"- The other {rest} rose again on their way down; {again} of those ended too.",
        "- On the way down the alarm goes from red to orange and is cleared; the water that still stands then is warned of anew.",
    ]


def _skips(skipped: Sequence[Outcome]) -> str:
    counts = Counter(" and ".join(level.value for level in each.skipped) for each in skipped)
    return ", ".join(f"{count} without {words}" for words, count in sorted(counts.items())) or "none"


def _wrong(outcomes: Sequence[Outcome], depths: Mapping[Level, float]) -> list[str]:
    lines = []
    for level, depth in depths.items():
        missed = [each for each in outcomes if each.flood.peak_mm >= depth and each.first_at(level) is None]
        names = ", ".join(f"{each.flood.name} ({each.flood.peak_mm:g} mm)" for each in missed)
        lines.append(f"- Missed {level.value}: {len(missed)}{': shorter than the delay: ' + names if missed else ''}.")
    unwarned = [each for each in outcomes if each.alarm_at is not None and each.first_at(Level.BLUE) == each.alarm_at]
    lines.append(f"- Alarms without a warning before: {len(unwarned)}.")
    ends = Counter(end for each in outcomes for end in each.ends)
    lines.append(
        f"- Warnings: {ends.total():,}. {ends['materialised']:,} came true (an alarm followed), {ends['cancelled']:,} were "
        f"cancelled as the water went, {ends['expired']:,} expired while it stood."
    )
    foreseen = [each for each in outcomes if (at := each.first_at(Level.YELLOW)) is not None and _is_ahead(each, at, depths)]
    came = sum(each.flood.peak_mm >= depths[Level.ORANGE] for each in foreseen)
    stayed = sum(each.flood.peak_mm < depths[Level.YELLOW] for each in foreseen)
    limit, goal = f"{depths[Level.YELLOW]:g} mm", f"{depths[Level.ORANGE]:g} mm"
    lines.append(
        f"- Foreseen: in {len(foreseen)} floods yellow was told by the trend, before the water stood at {limit}. {came} of them "
        f"came to {goal} as foreseen; {stayed} stayed below {limit}: those yellow warnings were false."
    )
    return [*lines, _DRY]


def _is_ahead(each: Outcome, told_at: int, depths: Mapping[Level, float]) -> bool:
    reached_at = each.flood.reached_at(depths[Level.YELLOW])
    return reached_at is None or told_at < reached_at


def red_floods(outcomes: Sequence[Outcome], depths: Mapping[Level, float]) -> str:
    """The table of the floods that came to the worst depth."""
    colours = [cell for level in UP for cell in (level.value, f"{depths[level]:g} mm")]
    head = ("flood", "peak, mm", *colours, "down, min after the peak")
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for each in outcomes:
        if each.flood.peak_mm >= depths[Level.RED]:
            cells = [each.flood.name, f"{each.flood.peak_mm:.0f}"]
            for level in UP:
                cells += [_minutes(each, each.first_at(level)), _minutes(each, each.flood.reached_at(depths[level]))]
            lines.append(f"| {' | '.join([*cells, _fall(each)])} |")
    return "\n".join(lines)


def _minutes(each: Outcome, at: int | None) -> str:
    return "never" if at is None else f"{(at - each.flood.starts_at) / 60_000:.0f}"


def _fall(each: Outcome) -> str:
    """The colours after the peak, and the end."""
    peak_at = each.flood.reached_at(each.flood.peak_mm) or 0
    steps = [step for step in each.told if step.at > peak_at and step.transition not in ("materialised", "retriggered")]
    words = [step.level.value if step in each.coloured else step.transition for step in steps]
    return ", ".join([f"{word} {(step.at - peak_at) / 60_000:.0f}" for word, step in zip(words, steps, strict=True)])
