"""A person takes a device or a zone out of service, and puts it back: what is asked for, and what is refused."""

from rules.book import Book
from rules.canonical import digest_id
from rules.maintenance import AHEAD_MAX_S, LIFE_SAFETY_MAX_S, OUTAGE_MAX_S, end, plan
from rules.mode_actions import REASON_MAX, zone_of
from rules.model import Entity, OperatorAction, Reason
from rules.place import Outage
from rules.refusal import RefusedError, seconds_of, text_of, truth_of


def ask_to_maintain(book: Book, action: OperatorAction) -> None:
    """Do what the verb ``maintain`` asks. Raises RefusedError, and changes nothing, where it cannot be."""
    plan(book, outage_asked_for(action, now=book.now, name=book.cause_id))


def outage_asked_for(action: OperatorAction, *, now: int, name: str) -> Outage:
    """The outage that an action asks for at ``now`` (ms). Raises RefusedError where it cannot be.

    Alarms on which a life may hang are held of a single device only (a detector that is cleaned), never of a whole zone.
    """
    zone, device = _target(action)
    reason = text_of(action, "reason")
    is_life_safety = truth_of(action, "life_safety", otherwise=False)
    if is_life_safety and not device:
        raise RefusedError(
            Reason.LIFE_SAFETY_NOT_SHELVED,
            "整个区域的生命安全报警不能停用，请逐个设备停用，区域内其余设备照常报警",
            "life-safety alarms of a whole zone are never held: take single devices out of service, and the rest keeps ringing",
        )
    for_s = seconds_of(action, "for_s", LIFE_SAFETY_MAX_S if is_life_safety else OUTAGE_MAX_S)
    if for_s is None:
        raise RefusedError(Reason.ARGUMENT_MISSING, "缺少参数 for_s", "the argument for_s is missing: for how many seconds")
    from_s = seconds_of(action, "from_s", AHEAD_MAX_S) or 0.0
    from_at = now + round(from_s * 1000)
    return Outage(
        id=digest_id("o", action.community, zone, device, now, name),
        community=action.community,
        zone=zone,
        device=device,
        owner=action.actor,
        reason=reason[:REASON_MAX],
        from_at=from_at,
        until_at=from_at + round(for_s * 1000),
        is_life_safety=is_life_safety,
    )


def ask_to_restore(book: Book, action: OperatorAction) -> None:
    """Do what the verb ``restore`` asks: everything that is out of service under this very name, planned or running, is over."""
    zone, device = _target(action)
    found = [
        outage
        for name, outage in sorted(book.outages.by_id.items())
        if (outage.community, outage.zone, outage.device) == (action.community, zone, device)
    ]
    if not found:
        raise RefusedError(Reason.ILLEGAL_NOW, "未处于停用状态", "it is not out of service under this name")
    for outage in found:
        end(book, outage, action.actor)


def _target(action: OperatorAction) -> tuple[str, str]:
    if action.entity is Entity.ZONE:
        return zone_of(action), ""
    device = action.entity_id.strip()
    if not device:
        raise RefusedError(Reason.UNKNOWN_ENTITY, "缺少设备编号", "the device has no name")
    return "", device
