"""What the outside reports back: a delivery that was given up, and a journal position that is passed over."""

from dataclasses import replace

from rules.book import Book
from rules.incident import is_critical, notify
from rules.model import DeliveryReport, Entity, Fact, Reason, Sentence, SetAside


def take_report(book: Book, report: DeliveryReport) -> None:
    """A message that must not be lost was given up: a line in its incident, and the escalation parties are told, once."""
    if report.is_delivered:
        return
    case = book.cases.get(report.incident_id)
    said = Sentence(
        f"消息未送达 {report.target}（{report.channel}）：{report.detail}",
        f"{report.target} could not be reached by {report.channel}: {report.detail}",
    )
    if case is None:
        book.add_fact(_fact(book, report, said))
        return
    incident = case.incident
    book.tell(incident, "delivery_failed", Reason.DELIVERY_FAILED, said, from_state=incident.state, value=report.target)
    if is_critical(incident) and case.plan is not None and "delivery_failed" not in case.told:
        told: dict[str, None] = {}
        for escalation in case.plan.escalations:
            told.update(dict.fromkeys(escalation.notify))
        targets = tuple([target for target in told if target != report.target])
        case = notify(book, case, "delivery_failed", targets, said)
        if "delivery_failed" not in case.told:
            book.put_case(replace(case, told=(*case.told, "delivery_failed")))


def _fact(book: Book, report: DeliveryReport, said: Sentence) -> Fact:
    """The line for an incident that is closed by now, or for a message that belongs to none."""
    return Fact(
        id="",
        at=book.now,
        community=report.community,
        entity=Entity.INCIDENT,
        entity_id=report.incident_id,
        incident_id=report.incident_id,
        transition="delivery_failed",
        from_state="",
        to_state="",
        reason=Reason.DELIVERY_FAILED,
        cause_id=report.id,
        sentence=said,
        value=report.target,
    )


def set_aside(book: Book, entry: SetAside) -> None:
    """What stopped the chain twice is passed over: everybody can see it."""
    zh, en = f"流水位置 {entry.position}", f"journal position {entry.position}"
    if entry.timer:
        zh, en = f"定时器 {entry.timer}", f"timer {entry.timer}"
    said = Sentence(
        f"{zh} 两次使规则链停止，已搁置：{entry.detail}",
        f"{en} stopped the chain twice and is passed over: {entry.detail}",
    )
    book.add_fact(
        Fact(
            id="",
            at=book.now,
            community=entry.community,
            entity=Entity.JOURNAL,
            entity_id=entry.timer or str(entry.position),
            incident_id="",
            transition="set_aside",
            from_state="",
            to_state="",
            reason=Reason.POSITION_SET_ASIDE,
            cause_id=entry.id,
            sentence=said,
        )
    )
