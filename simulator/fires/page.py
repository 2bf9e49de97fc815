"""The page about the real fires, in Markdown: what was noticed when, beside what commercial alarms did."""

from collections.abc import Callable, Sequence
from statistics import median

from rules.definition import RulePack
from simulator.fires.outcome import Outcome

_Cells = Callable[[Outcome], tuple[str, ...]]


def page(outcomes: Sequence[Outcome], pack: RulePack) -> str:
    """The whole page, in Markdown."""
    rooms = [each for each in outcomes if each.fire.collection == "fsri_fires" and not each.fire.marks]
    batteries = [each for each in outcomes if each.fire.collection == "fsri_fires" and each.fire.marks]
    homes = [each for each in outcomes if each.fire.collection == "nist_smoke_alarms"]
    towers = [each for each in outcomes if each.fire.collection == "delco_fire_co"]
    parts = [
        _HEAD.format(pack=pack.id, version=pack.version),
        "## In short\n",
        _summary("Rooms and houses (UL FSRI)", rooms),
        _summary("Homes with commercial alarms (NIST)", homes) + _yardstick(homes),
        _summary("Training building (NIST)", towers, zero="the recording's start"),
        _calm(rooms),
        "\n## Rooms and houses (UL FSRI): heat and oxygen only, no smoke\n",
        _table(rooms, ("calm before, s", "false warnings", "false alarms"), _calm_cells),
        "\n## Homes with commercial smoke alarms (NIST)\n",
        _NIST,
        _table(homes, ("first ionisation alarm, s", "first photoelectric alarm, s"), _alarm_cells),
        "\n## Training building (NIST)\n",
        _DELCO,
        _table(towers, ("CO warning, s", "CO alarm, s", "CO lead, s"), _co_cells),
        "\n## A lithium-ion battery in a charging room (UL FSRI)\n",
        _BATTERY,
        _table(batteries, ("thermal runaway, s", "flames, s"), _battery_cells),
    ]
    return "\n".join(parts) + "\n"


_HEAD = """\
# Real fires

What the rule pack `{pack}` {version} makes of 76 recorded fires: real rooms, houses and a battery, measured at 1 Hz or slower and
fed through the event contract and the chain in virtual time. Times are seconds from ignition to the first early warning (预警),
the first alarm (报警) and the first dispatch order (处警). This page is written by `python -m simulator.real_fires`, and a test
holds it to what the chain does today.

`python -m simulator.convert_fires FOLDER` writes the same fires as event files for `shouwang replay`. What each probe became is
said in `simulator/fires/`: probes are devices, doors and windows are contacts, and only the battery's room is imagined. Smoke
meters and CO analysers start from their own rest value, as a product would; that can only delay an alarm.
"""

_NIST = """\
A smoke, a heat and a CO device at each station. The commercial alarms' own times are not fed in; they are the yardstick. The
recordings begin with the ignition, so there is no calm in which an alarm could be false.
"""

_DELCO = """\
CO, CO2 and oxygen at two stations and heat in up to nine rooms, as means of 10 s. Whether second 0 is the ignition is not
recorded, and CO passes 100 ppm within the first step: the order and the lead of the CO warning mean something, the seconds
little.
"""

_BATTERY = """\
One cell is heated from outside from second 0 on; cell surfaces are temperature probes, and the off-gas is diluted in an assumed
room of 30 m³ with one air change an hour.
"""


def _summary(title: str, outcomes: Sequence[Outcome], zero: str = "ignition") -> str:
    missed = [each.fire.name for each in outcomes if each.alarm_s is None]
    ahead = sum(each.has_warned_first for each in outcomes)
    medians = ", ".join(
        f"{stage} {_seconds(median(times)) if times else 'never'}"
        for stage, times in (
            ("warning", [each.warning_s for each in outcomes if each.warning_s is not None]),
            ("alarm", [each.alarm_s for each in outcomes if each.alarm_s is not None]),
            ("dispatch", [each.dispatch_s for each in outcomes if each.dispatch_s is not None]),
        )
    )
    leads = [each.alarm_s - each.warning_s for each in outcomes if each.alarm_s is not None and each.warning_s is not None]
    medians += f", lead of the warning {_seconds(median(leads))} (at least {_seconds(min(leads))})" if leads else ", no lead"
    misses = f"; never alarmed: {', '.join(missed)}" if missed else ""
    return (
        f"- **{title}**: {len(outcomes) - len(missed)} of {len(outcomes)} alarmed, {ahead} warned before the alarm; medians from "
        f"{zero}, in s: {medians}{misses}."
    )


def _yardstick(homes: Sequence[Outcome]) -> str:
    ahead = sum(each.alarm_s is not None and each.alarm_s <= min(each.fire.marks.values()) for each in homes)
    warned = sum(each.warning_s is not None and each.warning_s <= min(each.fire.marks.values()) for each in homes)
    first = median(min(each.fire.marks.values()) for each in homes) if homes else 0
    return (
        f" The first commercial alarm sounded at {_seconds(first)} (median); our warning was no later in {warned}, "
        f"our alarm in {ahead} of {len(homes)}."
    )


def _calm(rooms: Sequence[Outcome]) -> str:
    hours = sum(each.fire.calm_s for each in rooms) / 3600
    warnings = sum(each.calm_warning_count for each in rooms)
    alarms = sum(each.calm_alarm_count for each in rooms)
    return f"- **Calm before ignition**: {hours:.1f} h in all, {warnings} false warnings, {alarms} false alarms."


def _table(outcomes: Sequence[Outcome], more: tuple[str, ...], cells: _Cells) -> str:
    head = ("fire", "early warning, s", "alarm, s", "dispatch, s", *more)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for each in outcomes:
        row = (each.fire.name, _seconds(each.warning_s), _seconds(each.alarm_s), _seconds(each.dispatch_s), *cells(each))
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.0f}"


def _calm_cells(each: Outcome) -> tuple[str, ...]:
    return (f"{each.fire.calm_s:.0f}", str(each.calm_warning_count), str(each.calm_alarm_count))


def _alarm_cells(each: Outcome) -> tuple[str, ...]:
    return tuple(_seconds(each.fire.marks.get(sort)) for sort in ("Ion", "Pho"))


def _co_cells(each: Outcome) -> tuple[str, ...]:
    has_both = each.co_warning_s is not None and each.co_alarm_s is not None
    lead = f"{(each.co_alarm_s or 0) - (each.co_warning_s or 0):.0f}" if has_both else "none"
    return (_seconds(each.co_warning_s), _seconds(each.co_alarm_s), lead)


def _battery_cells(each: Outcome) -> tuple[str, ...]:
    return tuple(_seconds(each.fire.marks.get(mark)) for mark in ("runaway", "flames"))
