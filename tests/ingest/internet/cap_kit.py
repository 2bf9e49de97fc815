"""CAP messages for tests: right ones, from which a test takes one thing away or changes it."""

from collections.abc import Iterable

CAP_12 = "urn:oasis:names:tc:emergency:cap:1.2"
SENT = "2026-03-02T18:00:00+08:00"
SENT_AT = 1_772_445_600_000
SENDER = "qx@cma.example"

AREA = "<area><areaDesc>here</areaDesc></area>"


def info(
    event: str = "暴雨",
    language: str = "zh-CN",
    severity: str = "Severe",
    urgency: str = "Expected",
    response: str = "",
    expires: str = "2026-03-03T06:00:00+08:00",
    area: str = AREA,
    more: str = "",
) -> str:
    responses = f"<responseType>{response}</responseType>" if response else ""
    ends = f"<expires>{expires}</expires>" if expires else ""
    return (
        f"<info><language>{language}</language><category>Met</category><event>{event}</event>{responses}<urgency>{urgency}</urgency>"
        f"<severity>{severity}</severity><certainty>Likely</certainty>{ends}<headline>{event}</headline>{more}{area}</info>"
    )


def reference(identifier: str, sent: str = SENT) -> str:
    return f"{SENDER},{identifier},{sent}"


def alert(
    identifier: str = "1",
    kind: str = "Alert",
    infos: Iterable[str] | None = None,
    references: Iterable[str] = (),
    sent: str = SENT,
    status: str = "Actual",
    scope: str = "Public",
    more: str = "",
    namespace: str = CAP_12,
) -> str:
    """``more`` stands between scope and references."""
    named = " ".join(references)
    return (
        f'<alert xmlns="{namespace}"><identifier>{identifier}</identifier><sender>{SENDER}</sender><sent>{sent}</sent>'
        f"<status>{status}</status><msgType>{kind}</msgType><scope>{scope}</scope>{more}"
        + (f"<references>{named}</references>" if named else "")
        + "".join([info()] if infos is None else infos)
        + "</alert>"
    )


def device(identifier: str) -> str:
    return f"{SENDER},{identifier}"


def shape(text: str) -> str:
    """An alert with these shapes and codes in its one area."""
    return alert(infos=[info(area=f"<area><areaDesc>x</areaDesc>{text}</area>")])
