"""Records to write in tests: a kitchen fire in flat 0502, with every field said once."""

from handlers.channels.port import Owed
from rules.effects import Notify
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
    Reason,
    Sentence,
)

SAYS = Sentence("厨房烟雾 8 %/m", "smoke in the kitchen, 8 %/m")
EVIDENCE = Evidence(
    event_id="e-1",
    device="smoke-0502",
    kind="smoke_obscuration",
    value=8.0,
    state=None,
    unit="%/m",
    received_at=1000,
    occurred_at=990,
    test="above",
    limit=5.0,
)


def incident(
    name: str = "i-1", *, zone: str = "b03/u1/0502", at: int = 1000, closed_at: int | None = None, **other: object
) -> Incident:
    given: dict[str, object] = {
        "id": name,
        "community": "jiayuan",
        "hazard": "fire",
        "level": Level.RED,
        "state": "open" if closed_at is None else "closed",
        "zone": zone,
        "opened_at": at,
        "changed_at": at if closed_at is None else closed_at,
        "title": Sentence("火警", "fire"),
        "sentence": SAYS,
        "plan": "fire",
        "pack_version": "1",
        "closed_at": closed_at,
    }
    return Incident(**{**given, **other})  # type: ignore[arg-type]  # any field may be given by name


def alarm(
    name: str = "a-1", *, incident_id: str = "i-1", at: int = 1000, ended_at: int | None = None, state: str = "unacknowledged"
) -> Alarm:
    return Alarm(
        id=name,
        community="jiayuan",
        hazard="fire",
        level=Level.RED,
        state=state,
        zone="b03/u1/0502",
        device="smoke-0502",
        rule="smoke",
        pack_version="1",
        opened_at=at,
        changed_at=at,
        incident_id=incident_id,
        sentence=SAYS,
        evidence=(EVIDENCE,),
        ended_at=ended_at,
    )


def warning(name: str = "w-1", *, incident_id: str = "i-1", at: int = 500, ended_at: int | None = None) -> EarlyWarning:
    return EarlyWarning(
        id=name,
        community="jiayuan",
        hazard="fire",
        level=Level.YELLOW,
        state="active" if ended_at is None else "materialised",
        zone="b03/u1/0502",
        device="smoke-0502",
        rule="smoke",
        pack_version="1",
        opened_at=at,
        changed_at=at,
        expires_at=at + 3_600_000,
        incident_id=incident_id,
        sentence=SAYS,
        evidence=(EVIDENCE,),
        ended_at=ended_at,
    )


def dispatch(
    name: str = "d-1", *, incident_id: str = "i-1", at: int = 1100, state: str = "ordered", ended_at: int | None = None
) -> Dispatch:
    return Dispatch(
        id=name,
        community="jiayuan",
        incident_id=incident_id,
        hazard="fire",
        level=Level.RED,
        zone="b03/u1/0502",
        responder="guard-1",
        party="property",
        plan="fire",
        task=Sentence("到场查看", "go and look"),
        pack_version="1",
        state=state,
        ordered_at=at,
        changed_at=at,
        clocks=(Clock(name="accepted", due_at=at + 60_000, started_at=at),),
        ended_at=ended_at,
    )


def fact(
    name: str = "f-1", *, incident_id: str = "i-1", at: int = 1000, transition: str = "opened", entity: Entity = Entity.INCIDENT
) -> Fact:
    return Fact(
        id=name,
        at=at,
        community="jiayuan",
        entity=entity,
        entity_id=incident_id,
        incident_id=incident_id,
        transition=transition,
        from_state="",
        to_state="open",
        reason=Reason.LIMIT_CROSSED,
        cause_id="e-1",
        sentence=SAYS,
        level=Level.RED,
    )


def notify(target: str = "property", *, is_critical: bool = True, at: int = 1000, step: str = "opened") -> Notify:
    return Notify(
        key=f"i-1:{step}:{target}",
        community="jiayuan",
        incident_id="i-1",
        dispatch_id="",
        target=target,
        step=step,
        level=Level.RED,
        title=Sentence("火警", "fire"),
        text=SAYS,
        is_critical=is_critical,
        at=at,
    )


def owed(
    *,
    key: str = "k-1",
    channel: str = "people",
    target: str = "property",
    payload: bytes = b"",
    attempt: int = 1,
    **other: object,
) -> Owed:
    given: dict[str, object] = {
        "key": key,
        "channel": channel,
        "target": target,
        "payload": payload,
        "attempt": 1,
        "community": "jiayuan",
        "incident_id": "i-1",
        "is_retained": False,
        "is_critical": True,
        "revision": 1,
        "created_at": 1000,
    }
    return Owed(**{**given, **other})  # type: ignore[arg-type]  # any field may be given by name
