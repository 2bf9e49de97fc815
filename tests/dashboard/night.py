"""One night at the duty desk, as effects: a kitchen fire under way, gas that nobody has acknowledged, and smaller things."""

from dataclasses import replace

from rules.effects import Effect, Notify, RecordFact, SaveAlarm, SaveDispatch, SaveIncident, SaveWarning
from rules.model import (
    Alarm,
    Clock,
    Dispatch,
    EarlyWarning,
    Entity,
    Evidence,
    Fact,
    Incident,
    Level,
    PassedOver,
    Reason,
    Sentence,
)

MINUTE = 60_000
NOW = 1_795_500_000_000
"""A night in November 2026."""
COMMUNITY = "jiayuan"
FIRE = "i-4c1d7be2a90f3358"
GAS = "i-09f2a1c4d5e6b778"


def smoke(at: int, value: float, limit: float, device: str = "smoke-b03-0502-kitchen") -> Evidence:
    return Evidence(
        event_id=f"e-{at}-{value}",
        device=device,
        kind="smoke_obscuration",
        value=value,
        state=None,
        unit="%/m",
        received_at=at,
        occurred_at=at - 200,
        test="above",
        limit=limit,
    )


def incident(name: str, hazard: str, level: Level, state: str, zone: str, at: int, zh: str, en: str, **other: object) -> Incident:
    zh_title, en_title = TITLES[hazard]
    given: dict[str, object] = {
        "id": name,
        "community": COMMUNITY,
        "hazard": hazard,
        "level": level,
        "state": state,
        "zone": zone,
        "opened_at": at,
        "changed_at": at,
        "title": Sentence(zh_title, en_title),
        "sentence": Sentence(zh, en),
        "plan": hazard,
        "pack_version": "2026.11",
    }
    return Incident(**{**given, **other})  # type: ignore[arg-type]  # any field may be given by name


TITLES = {
    "fire": ("火灾", "Fire"),
    "gas": ("燃气泄漏", "Gas leak"),
    "water_level": ("积水", "Flooding"),
    "lift_entrapment": ("电梯困人", "Lift entrapment"),
    "elder_inactivity": ("老人久无活动", "Elder inactive"),
    "device_lost": ("设备失联", "Device lost"),
    "intrusion": ("周界入侵", "Perimeter intrusion"),
}


def clock(name: str, start: int, minutes: float, met_at: int | None = None, missed_at: int | None = None) -> Clock:
    return Clock(name=name, started_at=start, due_at=start + int(minutes * MINUTE), met_at=met_at, missed_at=missed_at)


def fact(
    number: int,
    at: int,
    entity: Entity,
    transition: str,
    zh: str,
    en: str,
    reason: Reason,
    incident_id: str = FIRE,
    level: Level = Level.RED,
    actor: str = "",
) -> RecordFact:
    return RecordFact(
        Fact(
            id=f"f-{incident_id}-{number}",
            at=at,
            community=COMMUNITY,
            entity=entity,
            entity_id=incident_id,
            incident_id=incident_id,
            transition=transition,
            from_state="",
            to_state="",
            reason=reason,
            cause_id=f"e-{number}",
            sentence=Sentence(zh, en),
            level=level,
            actor=actor,
        )
    )


def kitchen_fire(now: int) -> list[Effect]:
    """A fire that was warned of, alarmed, acknowledged, and to which two people are on their way."""
    warned, alarmed = now - 7 * MINUTE, now - 5 * MINUTE
    acknowledged = alarmed + 40_000
    zh = "3 号楼 1 单元 0502 厨房烟雾 12.4 %/m，超过报警阈值 10 %/m，已持续 10 秒；一分半钟前已有预警。"
    en = (
        "Smoke in the kitchen of building 3, flat 0502, is 12.4 %/m, over the alarm limit of 10 %/m for 10 s; warned 90 s before."
    )
    case = incident(
        FIRE,
        "fire",
        Level.RED,
        "handling",
        "b03/u1/0502",
        warned,
        zh,
        en,
        warning_ids=("w-1",),
        alarm_ids=("a-1", "a-2"),
        dispatch_ids=("d-1", "d-2"),
        parties=("property", "fire_station", "street_office"),
        clocks=(clock("acknowledged", alarmed, 1.5, met_at=acknowledged),),
        is_life_safety=True,
        acknowledged_by="李敏",
        lead_time_s=120.0,
    )
    warning = EarlyWarning(
        id="w-1",
        community=COMMUNITY,
        hazard="fire",
        level=Level.YELLOW,
        state="materialised",
        zone=case.zone,
        device="smoke-b03-0502-kitchen",
        rule="smoke",
        pack_version="2026.11",
        opened_at=warned,
        changed_at=alarmed,
        expires_at=warned + 60 * MINUTE,
        incident_id=FIRE,
        sentence=Sentence("厨房烟雾 4.2 %/m，超过预警阈值 3 %/m", "Kitchen smoke 4.2 %/m, over the warning limit of 3 %/m"),
        evidence=(smoke(warned, 4.2, 3.0),),
        ended_at=alarmed,
    )
    alarm = Alarm(
        id="a-1",
        community=COMMUNITY,
        hazard="fire",
        level=Level.RED,
        state="acknowledged",
        zone=case.zone,
        device="smoke-b03-0502-kitchen",
        rule="smoke",
        pack_version="2026.11",
        opened_at=alarmed,
        changed_at=acknowledged,
        incident_id=FIRE,
        sentence=Sentence("厨房烟雾 12.4 %/m，超过报警阈值 10 %/m 已 10 秒", "Kitchen smoke 12.4 %/m, over 10 %/m for 10 s"),
        evidence=(smoke(alarmed - 10_000, 11.1, 10.0), smoke(alarmed, 12.4, 10.0)),
        is_latching=True,
        acknowledged_by="李敏",
    )
    heat = replace(
        alarm,
        id="a-2",
        level=Level.ORANGE,
        rule="heat",
        state="unacknowledged",
        opened_at=alarmed + 90_000,
        device="heat-b03-0502",
        sentence=Sentence("厨房温度每分钟上升 11 °C", "Kitchen temperature climbs by 11 °C a minute"),
        evidence=(
            replace(smoke(alarmed + 90_000, 58.5, 8.0, "heat-b03-0502"), kind="temperature", unit="°C", test="rate"),
            replace(
                smoke(alarmed + 80_000, 0, 8.0, "gas-b03-0502"),
                kind="gas",
                value=None,
                state="on",
                unit="",
                test="is",
                limit="on",
            ),
        ),
        occurrence_count=3,
    )
    guard = Dispatch(
        id="d-1",
        community=COMMUNITY,
        incident_id=FIRE,
        hazard="fire",
        level=Level.RED,
        zone=case.zone,
        responder="guard-wang",
        party="property",
        plan="fire",
        task=Sentence("携灭火器到 0502 核实并疏散同层住户", "Take an extinguisher to 0502, verify, and clear the floor"),
        pack_version="2026.11",
        state="en_route",
        ordered_at=alarmed,
        changed_at=alarmed + MINUTE,
        clocks=(
            clock("accepted", alarmed, 1, met_at=alarmed + 35_000),
            clock("en_route", alarmed, 2, met_at=alarmed + MINUTE),
            clock("on_scene", alarmed, 6),
            clock("completed", alarmed, 30),
        ),
        passed_over=(
            PassedOver(responder="guard-zhao", reason=Reason.BUSY),
            PassedOver(responder="guard-sun", reason=Reason.OFF_DUTY),
        ),
    )
    crew = replace(
        guard,
        id="d-2",
        responder="microstation-2",
        party="fire_station",
        state="ordered",
        task=Sentence("微型消防站出动", "Micro fire station: turn out"),
        clocks=(clock("accepted", alarmed, 3, missed_at=alarmed + 3 * MINUTE), clock("on_scene", alarmed, 8)),
        passed_over=(),
    )
    crew = replace(crew, clocks=(replace(crew.clocks[0], escalation_count=2), *crew.clocks[1:]))
    telling = Notify(
        key="n-1",
        community=COMMUNITY,
        incident_id=FIRE,
        dispatch_id="",
        target="property",
        step="opened",
        level=Level.RED,
        title=case.title,
        text=case.sentence,
        is_critical=True,
        at=alarmed,
    )
    story = [
        fact(1, warned, Entity.WARNING, "opened", *_both(warning.sentence), Reason.LIMIT_CROSSED, level=Level.YELLOW),
        fact(2, alarmed, Entity.ALARM, "opened", zh, en, Reason.LIMIT_CROSSED),
        fact(
            3,
            alarmed,
            Entity.WARNING,
            "materialised",
            "预警成真，提前 2 分钟",
            "The warning came true, 2 min ahead",
            Reason.ALARM_FOLLOWED,
        ),
        fact(
            4, alarmed, Entity.DISPATCH, "ordered", "派 guard-wang 携灭火器核实", "guard-wang sent to verify", Reason.PLAN_ORDERED
        ),
        fact(
            5,
            acknowledged,
            Entity.INCIDENT,
            "acknowledged",
            "李敏 确认",
            "Acknowledged by 李敏",
            Reason.OPERATOR_ASKED,
            actor="李敏",
        ),
        fact(
            6, alarmed + MINUTE, Entity.DISPATCH, "en_route", "guard-wang 出警", "guard-wang set out", Reason.RESPONDER_ANSWERED
        ),
        fact(7, alarmed + 90_000, Entity.ALARM, "opened", *_both(heat.sentence), Reason.RATE_EXCEEDED, level=Level.ORANGE),
        fact(
            8,
            alarmed + 3 * MINUTE,
            Entity.DISPATCH,
            "escalated",
            "microstation-2 超过接单时限 3 分钟",
            "microstation-2 did not accept within 3 min",
            Reason.DEADLINE_MISSED,
        ),
    ]
    tellings = [telling, replace(telling, key="n-2", target="fire_station"), replace(telling, key="n-3", target="street_office")]
    saves: list[Effect] = [
        SaveWarning(warning),
        SaveAlarm(alarm),
        SaveAlarm(heat),
        SaveDispatch(guard),
        SaveDispatch(crew),
        SaveIncident(case),
    ]
    return [*saves, *story, *tellings]


def gas_leak(now: int) -> list[Effect]:
    """Gas that nobody has acknowledged yet; its clock runs."""
    at = now - 70_000
    zh, en = "1 号楼 2 单元 1203 可燃气体 12 %LEL，超过 10 %LEL", "Combustible gas 12 %LEL in building 1, flat 1203, over 10 %LEL"
    case = incident(
        GAS,
        "gas",
        Level.ORANGE,
        "open",
        "b01/u2/1203",
        at,
        zh,
        en,
        alarm_ids=("a-9",),
        clocks=(clock("acknowledged", at, 1.5),),
        is_life_safety=True,
    )
    alarm = Alarm(
        id="a-9",
        community=COMMUNITY,
        hazard="gas",
        level=Level.ORANGE,
        state="unacknowledged",
        zone=case.zone,
        device="gas-b01-1203",
        rule="combustible_gas",
        pack_version="2026.11",
        opened_at=at,
        changed_at=at,
        incident_id=GAS,
        sentence=case.sentence,
        evidence=(replace(smoke(at, 12.0, 10.0, "gas-b01-1203"), kind="methane", unit="%LEL"),),
    )
    return [
        SaveAlarm(alarm),
        SaveIncident(case),
        fact(1, at, Entity.ALARM, "opened", zh, en, Reason.LIMIT_CROSSED, GAS, Level.ORANGE),
    ]


def smaller_things(now: int) -> list[Effect]:
    """What else there is in such a night; one case is closed already."""
    rows = (
        (
            "lift_entrapment",
            Level.ORANGE,
            "acknowledged",
            "b02/lift-1",
            12,
            "轿厢停止且有人，门未开 3 分钟",
            "The car stands with people in it",
        ),
        (
            "water_level",
            Level.YELLOW,
            "watch",
            "garage-b1",
            33,
            "集水井水位 420 mm，预计 20 分钟到 600 mm",
            "Sump at 420 mm, 600 mm in about 20 min",
        ),
        (
            "elder_inactivity",
            Level.YELLOW,
            "recovered",
            "b04/u1/0301",
            95,
            "12 小时无活动，门磁刚刚打开",
            "Nothing moved for 12 h; the door has just opened",
        ),
        ("device_lost", Level.BLUE, "watch", "b02/u1/0903", 180, "烟感 24 小时无心跳", "No heartbeat for 24 h"),
        ("intrusion", Level.YELLOW, "closed", "perimeter-east", 260, "东围墙越线", "The east fence was crossed"),
    )
    effects: list[Effect] = []
    for number, (hazard, level, state, zone, minutes, zh, en) in enumerate(rows):
        at = now - minutes * MINUTE
        closed = {"closed_at": at + 9 * MINUTE, "closed_by": "李敏"} if state == "closed" else {}
        case = incident(f"i-small-{number}", hazard, level, state, zone, at, zh, en, **closed)
        effects += [SaveIncident(case), fact(1, at, Entity.INCIDENT, "opened", zh, en, Reason.REPORTED, case.id, level)]
    return effects


def _both(sentence: Sentence) -> tuple[str, str]:
    return sentence.zh, sentence.en
