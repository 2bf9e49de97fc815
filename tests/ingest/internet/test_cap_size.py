"""A CAP document of a megabyte is refused before it costs anything; what is let in stays within 50 ms."""

import json
from time import thread_time

import pytest

from ingest.adapter import Ignored
from rules.model import Event
from tests.hostile_page import SLOW_S
from tests.ingest.reading import Reader

ALERT = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{number}</identifier><sender>q</sender>'
    "<sent>2026-11-03T09:00:00+08:00</sent><status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{inside}</alert>"
)
INFO = (
    "<info><category>Met</category><event>{event}</event><urgency>Expected</urgency><severity>Severe</severity>"
    "<certainty>Likely</certainty>{areas}</info>"
)
AREA = "<area><areaDesc>x</areaDesc>{shapes}</area>"
CODE = "<geocode><valueName>adcode</valueName><value>510100</value></geocode>"
RING = "<polygon>{points}</polygon>"


def alert(areas: str, infos: int = 1, kind: str = "Alert", before: str = "") -> str:
    blocks = "".join(INFO.format(event=f"rain {number}", areas=areas) for number in range(infos))
    return ALERT.format(number=1, kind=kind, inside=before + blocks)


def ring(points: int) -> str:
    """A zigzag out and back, so that it is closed."""
    out = [f"{30 + number % 2 / 10:.1f},{104 + number / points:.4f}" for number in range(points - 1)]
    return RING.format(points=" ".join([*out, out[0]]))


def references(count: int) -> str:
    return f"<references>{' '.join(f'r,{number},2026-11-03T08:00:00+08:00' for number in range(count))}</references>"


def feed(rings: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": [{"geometry": {"type": "Polygon", "coordinates": rings}}]})


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (alert(AREA.format(shapes=CODE) * 2_000), "too_many: expected at most 8000 elements"),
        (alert(AREA.format(shapes=ring(20_000))), "too_many: expected at most 10000 points"),
        (alert(AREA.format(shapes=ring(100) * 120)), "too_many: expected at most 10000 points"),
        (alert("", infos=65), "too_many: info: expected at most 64, came 65"),
        (alert("", kind="Update", before=references(201)), "too_many: references: expected at most 200, came 201"),
        (feed([[[104.0, 30.0]] * 20_000]), "too_many: expected at most 10000 points"),
    ],
)
def test_what_would_cost_too_much_is_refused_by_its_size(document: str, why: str) -> None:
    assert Reader("cap").refusal(document).startswith(why)


@pytest.mark.parametrize(
    "document",
    [
        alert(AREA.format(shapes=CODE) * 1_500),
        alert("", infos=64),
        alert(AREA.format(shapes=ring(9_000))),
        alert(AREA.format(shapes=ring(190) * 50)),
        alert(AREA.format(shapes=CODE), kind="Update", before=references(200)),
    ],
)
def test_what_is_let_in_is_read_in_time(document: str) -> None:
    taken = []
    for _ in range(3):
        reader, start = Reader("cap"), thread_time()
        told = reader.told(document)
        taken.append(thread_time() - start)
    assert not isinstance(told, Ignored)
    assert all(isinstance(each, Event) or "cross" in each.detail for each in told)
    assert min(taken) <= SLOW_S


def test_a_feed_that_says_too_much_is_left_when_it_has_said_a_thousand_things() -> None:
    one = {"sender": "s", "sent": "2026-11-03T09:00:00-00:00", "status": "Actual", "messageType": "Cancel"}
    cancels = [
        {
            "id": f"i{each}",
            **one,
            "references": [{"sender": "s", "identifier": f"{each}-{n}", "sent": one["sent"]} for n in range(200)],
        }
        for each in range(20)
    ]
    refusal = Reader("cap").refusal(json.dumps({"type": "FeatureCollection", "features": cancels}))
    assert refusal == "too_many: expected at most 1000 events in a message, came 1200"
