"""The tables of docs/simulator.md: every sort of device, and what is taken for a danger. ``python -m simulator.sorts.page``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rules.model import Network, Status
from simulator.devices import Cause, Gauge, Sighting, Sort
from simulator.sorts import causes
from simulator.sorts.catalogue import SORTS, SUBJECTS

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "simulator.md"
BEGINS, ENDS = "<!-- sorts: generated -->\n", "<!-- end of sorts -->"
_NETWORKS: Final = {Network.IOT: "物联网", Network.VIDEO: "视联网", Network.INTERNET: "互联网", Network.DATA: "数联网"}
HOMELY: Final = (
    causes.COOKING,
    causes.FRYING,
    causes.SHOWER,
    causes.MOSQUITO_COIL,
    causes.SPRAY,
    causes.SWEEPING,
    causes.LAUNDRY,
    causes.RENOVATION,
)
"""What goes on in homes, and so reaches every sort that hangs in one."""
IN_HOMES: Final = ("smoke", "heat", "gas", "co", "meter", "power_meter", "climate")


def tables() -> str:
    """Both tables, as they stand in the manual."""
    return "\n".join((*_sorts(), "", *_causes(), "", *_sightings(), ""))


def _sorts() -> Iterator[str]:
    yield f"{len(SORTS)} sorts of devices. Every number has its source in `simulator/sorts/`; most are ours."
    for subject, sorts in SUBJECTS.items():
        yield f"\n**{subject}**\n"
        yield "| sort | 中文 | English | network | says | heartbeat, power | what it may take for a danger |"
        yield "|---|---|---|---|---|---|---|"
        yield from (_row(sort) for sort in sorts)


def _row(sort: Sort) -> str:
    power = f"battery, {sort.battery_d / 365:.2g} years" if sort.battery_d else "mains"
    name = f"`{sort.name}`" + (f" (a `{sort.like}`)" if sort.like else "")
    cells = (
        name,
        sort.zh,
        sort.en,
        f"{sort.network} {_NETWORKS[sort.network]}",
        "; ".join(_says(sort)) or "what a scenario lets it say",
        f"{_lasts(sort.heartbeat_s)}, {power}",
        "; ".join(f"{cause.zh} {cause.en}" for cause in _deceivers(sort)) or "–",
    )
    return f"| {' | '.join(cells)} |"


def _says(sort: Sort) -> Iterator[str]:
    for gauge in sort.gauges:
        yield f"`{gauge.kind}` every {_lasts(gauge.interval_s)}: {_calm(gauge)}"
    if sort.state_kind:
        other = f"/{sort.visits.active}" if sort.visits else ""
        yield f"state `{sort.state_kind}` {sort.idle_state}{other}"
    if sort.alarm_kind:
        yield f"alarm `{sort.alarm_kind}` from {sort.alarm_from:g} {sort.gauges[0].unit}"
    if sort.name == "lift":
        yield "states `lift_car`, `lift_door`"


def _calm(gauge: Gauge) -> str:
    unit = "" if gauge.unit == "1" else f" {gauge.unit}"
    parts = [f"{gauge.base:g} ± {gauge.spread:g}{unit}" if gauge.spread else f"{gauge.base:g}{unit}"]
    parts += [f"noise {gauge.noise:g}"] if gauge.noise else []
    parts += [f"drift {gauge.drift:g}"] if gauge.drift else []
    parts += [f"{gauge.outdoor:g} of outdoors"] if gauge.outdoor else []
    parts += [f"{gauge.load:+g} at the evening peak"] if gauge.load else []
    parts += [f"{gauge.sun:+g} at noon"] if gauge.sun else []
    parts += [f"{gauge.pulse:+g} for {gauge.pulse_share:.0%} of {_lasts(gauge.cycle_s)}"] if gauge.pulse else []
    parts += [f"{gauge.ramp:+g} over {_lasts(gauge.cycle_s)}"] if gauge.ramp else []
    return ", ".join(parts)


def _deceivers(sort: Sort) -> list[Cause | Sighting]:
    home = [cause for cause in HOMELY if any(effect.kind in sort.kinds for effect in cause.effects)]
    shared = [going.cause for going in sort.goings]
    found: list[Cause | Sighting] = []
    for each in (*(home if sort.name in IN_HOMES else ()), *shared, *sort.sightings):
        if each not in found:
            found.append(each)
    return found


def _causes() -> Iterator[str]:
    yield "What ordinary life adds to readings, at its strongest; how strong, how often and how long is drawn from the seed.\n"
    yield "| 原因 | cause | adds (in how many seconds it comes; goes) | source |"
    yield "|---|---|---|---|"
    for cause in _all_causes():
        adds = "; ".join(f"`{each.kind}` {each.amount:+g} ({each.rise_s:g}; {each.fall_s:g})" for each in cause.effects)
        test = ", says status test" if cause.status is Status.TEST else ""
        yield f"| {cause.zh} | {cause.en} | {adds}{test} | {cause.source} |"


def _all_causes() -> list[Cause]:
    return [value for name, value in vars(causes).items() if name.isupper() and isinstance(value, Cause)]


def _sightings() -> Iterator[str]:
    yield "What devices call out by mistake or on trial.\n"
    yield "| sort | 误报原因 | cause | says | per device | source |"
    yield "|---|---|---|---|---|---|"
    for sort in SORTS.values():
        for each in sort.sightings:
            low, high = each.confidence
            frames = f"{each.frames[0]}-{each.frames[1]} frames" if each.frames[1] > 1 else "once"
            said = f"`{each.kind}` {frames}"
            said += f", confidence {low:g}-{high:g}" if low < 1 else ""
            said += ", status test" if each.status is Status.TEST else ""
            said += ", preheat" if each.is_preheat else ""
            often = f"{each.per_day:.2g} a day" if each.per_day >= 0.1 else f"every {1 / each.per_day:.0f} days"
            yield f"| `{sort.name}` | {each.zh} | {each.en} | {said} | {often}, {_hours(each)} | {each.source} |"


def _hours(sighting: Sighting) -> str:
    first, last = sighting.hours
    return "at any time" if last - first >= 24 else f"{first:g}-{last % 24:g} h"


def _lasts(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:g} s"
    return f"{seconds / 60:g} min" if seconds < 7200 else f"{seconds / 3600:g} h"


def written(text: str) -> str:
    """The manual with its tables made anew."""
    before, rest = text.split(BEGINS)
    return before + BEGINS + tables() + ENDS + rest.split(ENDS)[1]


def main() -> None:
    """Write the tables anew."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
