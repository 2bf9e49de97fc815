"""What the judge's tests play: a small pack, its late and its noisy brother, and lines written by hand."""

from collections.abc import Iterable
from pathlib import Path

from simulator.judge.reached import Played, Reached
from simulator.judge.truth_file import Happened
from simulator.recording import Recorded, write_recording

START_AT = 1_767_225_600_000  # 2026-01-01T00:00:00Z
FLAT = "b01/u1/0101"

PACK = """
pack: small
version: "1.0.0"
title: {zh: 小规则包, en: Small pack}
parties:
  property: {title: {zh: 物业, en: Property}}
responders:
  guard_1: {title: {zh: 保安一, en: Guard one}, party: property, capabilities: [fire]}
hazards:
  fire: {title: {zh: 火灾, en: Fire}, life_safety: true}
plans:
  fire:
    title: {zh: 火灾预案, en: Fire plan}
    orders:
      - capability: fire
        task: {zh: 到场核实, en: Go and look}
        clocks: {accepted: 60s, on_scene: 3min}
rules:
  heat:
    title: {zh: 高温, en: Heat}
    hazard: fire
    kinds: temperature
    unit: °C
    warnings:
      - {level: yellow, above: 45}
    alarms:
      - {level: red, above: 57}
    plan: fire
    source: ours
"""
LATE = PACK.replace("{level: red, above: 57}", "{level: red, above: 57, for: 10min}")
NOISY = PACK.replace("above: 45", "above: 10").replace("above: 57", "above: 21.5")
SHADOW = (
    PACK
    + """
  draft:
    title: {zh: 草案, en: Draft}
    hazard: fire
    kinds: temperature
    unit: °C
    alarms:
      - {level: red, above: 50}
    plan: fire
    source: ours
    shadow: true
"""
)


def at_s(second: float) -> int:
    return START_AT + round(second * 1000)


def reading(
    second: float, value: float, *, community: str = "c01", device: str = "heat-1", zone: str = FLAT, status: str = "actual"
) -> Recorded:
    payload = f'{{"kind":"temperature","value":{value},"zone":"{zone}","at":{at_s(second)},"status":"{status}"}}'
    return Recorded(at_s(second), f"shouwang/v1/{community}/iot/reading/{device}", payload.encode())


def a_day(community: str = "c01") -> list[Recorded]:
    """A reading a minute, a day long, from 20 to 22 °C by turns; from 12:00 to 12:30 it burns: 50 °C, and from 12:05 on 60 °C."""
    lines = []
    for minute in range(1441):
        value = 20 + minute % 3
        if 720 <= minute < 750:
            value = 50 if minute < 725 else 60
        lines.append(reading(minute * 60, value, community=community))
    return lines


def the_fire(community: str = "c01") -> Happened:
    """Began at 12:00, was dangerous at 12:10, over at 12:30. Warn by 12:03, alarm by 12:08, send by 12:09."""
    noon = 43_200
    return happened(
        0, 1800, base_s=noon, community=community, dangerous_s=600, warning_s=180, alarm_s=480, dispatch_s=540, hazard="fire"
    )


def happened(
    start_s: float,
    end_s: float | None = None,
    *,
    base_s: float = 0,
    community: str = "c01",
    zone: str = FLAT,
    hazard: str = "fire",
    dangerous_s: float | None = None,
    warning_s: float | None = None,
    alarm_s: float | None = None,
    dispatch_s: float | None = None,
) -> Happened:
    def instant(second: float | None) -> int | None:
        return None if second is None else at_s(base_s + second)

    return Happened(
        hazard=hazard,
        community=community,
        zone=zone,
        start_at=at_s(base_s + start_s),
        dangerous_at=instant(dangerous_s),
        end_at=instant(end_s),
        warning_due_at=instant(warning_s),
        alarm_due_at=instant(alarm_s),
        dispatch_due_at=instant(dispatch_s),
    )


def alarm(second: float, *, zone: str = FLAT, hazard: str = "fire", rule: str = "heat", stage: str = "alarm") -> Reached:
    return Reached(stage=stage, at=at_s(second), hazard=hazard, zone=zone, rule=rule, device="heat-1", incident_id="i-1")


def played(*reached: Reached, hours: float = 24, community: str = "c01") -> Played:
    return Played(
        community=community,
        from_at=START_AT,
        until_at=at_s(hours * 3600),
        heard_ms=round(hours * 3_600_000),
        event_count=1,
        refused_count=0,
        reached=reached,
        rang=(),
        apart={"warning": 0, "alarm": 0, "dispatch": 0},
    )


def written(path: Path, lines: Iterable[Recorded]) -> Path:
    write_recording(path, lines)
    return path
