"""Cases as Open311 service requests (GeoReport v2, `GET requests.json`): what a city's platform or a 12345 desk can follow."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from handlers.exchange.told_case import Place, ToldCase
from rules.model import Status

_CHINA: Final = timezone(timedelta(hours=8))
_MARKS: Final = {Status.EXERCISE: "【演练 Exercise】", Status.TEST: "【测试 Test】"}


def write_open311(cases: Iterable[ToldCase], *, place: Place, agency: str) -> bytes:
    """A JSON array of requests: all fields that the standard has, null where there is nothing to say.

    Its two states are open and closed; that a case was found false, or is an exercise, is said in words.
    """
    return json.dumps([_request(case, place, agency) for case in cases], ensure_ascii=False).encode("utf-8", "replace")


def _request(case: ToldCase, place: Place, agency: str) -> dict[str, object]:
    return {
        "service_request_id": case.id,
        "status": "closed" if case.is_over else "open",
        "status_notes": _notes(case),
        "service_name": f"{_MARKS.get(case.status, '')}{case.title.zh} {case.title.en}",
        "service_code": case.hazard,
        "description": f"{case.text.zh} / {case.text.en}",
        "agency_responsible": agency,
        "service_notice": None,
        "requested_datetime": _written(case.opened_at),
        "updated_datetime": _written(case.changed_at),
        "expected_datetime": None,
        "address": f"{place.name.zh} {case.zone}".strip(),
        "address_id": None,
        "zipcode": None,
        "lat": place.latitude,
        "long": place.longitude,
        "media_url": None,
    }


def _notes(case: ToldCase) -> str:
    if not case.is_over:
        return "处置中 being handled"
    return "核实为误报或无害 found false or harmless" if case.is_untrue else "已处置完毕 handled"


def _written(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).astimezone(_CHINA).isoformat()
