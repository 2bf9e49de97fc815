"""Cases as Open311 requests: every field of the standard, and our own reader understands them."""

import json

from handlers.exchange.open311 import write_open311
from rules.model import Status
from tests.handlers.exchange.test_cap import NOWHERE, PLACE, T0, case
from tests.ingest.reading import Reader

FIELDS = (
    "service_request_id status status_notes service_name service_code description agency_responsible service_notice "
    "requested_datetime updated_datetime expected_datetime address address_id zipcode lat long media_url"
)


def test_a_request_has_every_field_of_the_standard() -> None:
    (request,) = json.loads(write_open311([case()], place=PLACE, agency="翠苑社区"))
    assert list(request) == FIELDS.split()
    assert (request["service_request_id"], request["status"], request["service_code"]) == ("i-1", "open", "fire")
    assert (request["requested_datetime"], request["address"]) == ("2026-03-02T18:00:00+08:00", "翠苑社区 b03/u2")
    assert (request["lat"], request["long"], request["service_name"]) == (30.67, 104.06, "3栋火灾 Fire in building 3")


def test_our_own_reader_hears_its_beginning_and_its_end() -> None:
    over = case(id="i-2", is_over=True, changed_at=T0 + 60_000)
    first, second = Reader("open311").events(write_open311([case(), over], place=PLACE, agency=""))
    assert (first.device, first.state, first.occurred_at) == ("request.i-1", "on", T0)
    assert (second.device, second.state, second.occurred_at) == ("request.i-2", "off", T0 + 60_000)


def test_how_it_ended_and_that_it_is_an_exercise_is_said_in_words() -> None:
    cases = [case(is_over=True, is_untrue=True), case(is_over=True), case(status=Status.EXERCISE), case(status=Status.TEST)]
    told = json.loads(write_open311(cases, place=NOWHERE, agency="x"))
    assert [each["status_notes"].split()[0] for each in told] == ["核实为误报或无害", "已处置完毕", "处置中", "处置中"]
    assert [each["service_name"].split()[0] for each in told[2:]] == ["【演练", "【测试"]
    assert told[0]["lat"] is None
