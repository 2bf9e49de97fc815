"""CAP: what each published sample says, and what each rule refuses."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from rules.model import Status
from tests.ingest.internet.cap_kit import AREA, SENT_AT, alert, device, info, reference, shape
from tests.ingest.reading import SHARED, Reader, score

SET = SHARED / "sets" / "cap_xml"
PAYLOADS = SHARED / "payloads"


def reader() -> Reader:
    return Reader("cap")


def bare(route: Reader, body: object) -> list[tuple[Any, ...]]:
    """Device (without the sender), state, level."""
    return [(each.device.rpartition(",")[2], each.state, each.attributes.get("level")) for each in route.events(body)]


# ------------------------------------------------------------------------------------------------ the published samples


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("payloads/cap12_oasis/example1.xml", [("43b080713727", "on", "orange")]),
        ("payloads/cap12_oasis/example2.xml", [("KSTO1055887203", "on", "orange")]),
        ("payloads/cap12_oasis/example4.xml", [("KAR0-0306112239-SW", "on", "orange")]),
        ("payloads/cap_google_testdata/43b080713727.cap.xml", [("43b080713727", "on", "orange")]),
        ("payloads/cap_google_testdata/thunderstorm.cap.xml", [("KSTO1055887203", "on", "orange")]),
        ("payloads/cap_google_testdata/KAR0-0306112239-SW.cap.xml", [("KAR0-0306112239-SW", "on", "orange")]),
        ("sets/cap_xml/oasis_example1.xml", [("43b080713727", "on", "orange")]),
        ("sets/cap_xml/oasis_example2.xml", [("KSTO1055887203", "on", "orange")]),
        ("sets/cap_xml/oasis_example4.xml", [("KAR0-0306112239-SW", "on", "orange")]),
        ("sets/cap_xml/google_43b080713727.cap", [("43b080713727", "on", "orange")]),
        ("sets/cap_xml/google_thunderstorm.cap", [("KSTO1055887203", "on", "orange")]),
        ("sets/cap_xml/google_KAR0-0306112239-SW.cap", [("KAR0-0306112239-SW", "on", "orange")]),
        (
            "sets/cap_xml/google_weather.cap",
            [("NOAA-NWS-ALERTS-MT20100830100700TFXFlashFloodWatchTFX20100830180000MT", "on", "orange")],
        ),
        (
            "sets/cap_xml/google_weather.atom",
            [("NOAA-NWS-ALERTS-MT20120830100700TFXFlashFloodWatchTFX20120830180000MT", "on", "orange")],
        ),
        ("sets/cap_xml/google_amber.atom", [("http:--doj.dc.gov-amber12345-85c2dbad", "on", "orange")]),
        (
            "sets/cap_xml/google_australia.cap",  # two events in one language
            [("tag:www.rfs.nsw.gov.au2011-10-06:40184", "on", "blue")] * 2,
        ),
        (
            "sets/cap_xml/google_canada.cap",  # AllClear, in two languages
            [
                ("2.49.0.1.124.6bddbc91.2012", "off", "blue"),
                ("2.49.0.1.124.a3f342a4.2012", "off", None),
                ("2.49.0.1.124.60f31a3a.2012", "off", None),
            ],
        ),
        (
            "sets/cap_xml/google_bushfire_valid.edxlde",
            [
                (f"tag:www.rfs.nsw.gov.au2011-10-18:{number}", "on", level)
                for number, level in zip(
                    (40500, 40444, 40394, 40428, 40484, 40487, 40435), ("blue", *["yellow"] * 6), strict=True
                )
            ],
        ),
    ],
)
def test_what_each_right_sample_says(path: str, told: list[tuple[str, str, str | None]]) -> None:
    assert bare(reader(), (SHARED / path).read_bytes()) == told


@pytest.mark.needs("recordings")
def test_the_thunderstorm_of_the_standard_in_full() -> None:
    event = reader().one((PAYLOADS / "cap12_oasis" / "example2.xml").read_bytes())
    assert (event.network.value, *score(event)) == (
        *("internet", "alarm", "warning_signal", "on"),
        "KSTO@NWS.NOAA.GOV,KSTO1055887203",
    )
    assert (event.occurred_at, event.status) == (1_055_887_020_000, Status.ACTUAL)  # 2003-06-17T14:57:00-07:00
    expected = {
        "event": "SEVERE THUNDERSTORM",
        "headline": "SEVERE THUNDERSTORM WARNING",
        "office": "NATIONAL WEATHER SERVICE SACRAMENTO CA",
        "geocodes": "SAME:006109 SAME:006009 SAME:006003",
        "urgency": "Immediate",
        "certainty": "Observed",
        "response": "Shelter",
        "expires_at": 1_055_890_800_000.0,
    }
    assert {name: event.attributes.get(name) for name in expected} == expected
    assert "BARUFFALDI" not in str(dict(event.attributes))  # contact is a person's


@pytest.mark.needs("recordings")
def test_the_signed_feed_of_canada_ends_all_nine_that_it_replaces() -> None:
    events = reader().events((SET / "google_canada_signed.atom").read_bytes())
    assert [each.state for each in events] == ["on"] + ["off"] * 9
    assert (events[0].attributes["languages"], events[0].attributes["event"]) == ("en-CA fr-CA", "snowfall")


@pytest.mark.needs("recordings")
def test_an_earthquake_that_is_past_needs_no_response_any_more() -> None:
    event = reader().one((SET / "google_earthquake.cap").read_bytes())
    assert (event.state, event.attributes["urgency"], "level" in event.attributes) == ("off", "Past", False)


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("google_invalid.cap", "missing_field: alert.scope: expected"),
        ("google_canada_errors.cap", "missing_field: references: expected the sender,identifier,sent"),
        ("google_invalid_element.atom", 'unknown_field: feed: came "foo"'),
        ("google_no_id.atom", "missing_field: feed.id"),
        ("google_no_title.atom", "missing_field: entry 0.title"),
        ("google_no_link.atom", "missing_field: entry 0: expected an alert within it or a link"),
        ("google_invalid.rss", "missing_field: channel.title"),
    ],
)
def test_what_is_wrong_with_each_wrong_sample(name: str, reason: str) -> None:
    assert reader().refusal((SET / name).read_bytes()).startswith(reason)


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("google_earthquake_index.atom", "an index of 1 entries"),
        ("google_weather_index.atom", "an index of"),
        ("google_empty_weather_index.atom", "an index of 0 entries"),
        ("google_no_entries.atom", "an index of 0 entries"),  # its alert stands beside the entries
        ("google_ny_index.rss", "an index of"),
        ("google_no_optional_fields.cap", "Alert http:--earthquake.usgs.gov"),
        ("ibm_nws_atom_feed_example.xml.gz", "an index of"),
    ],
)
def test_an_index_has_only_links(name: str, reason: str) -> None:
    content = (SET / name).read_bytes()
    assert reader().ignored(gzip.decompress(content) if name.endswith(".gz") else content).startswith(reason)


@pytest.mark.needs("recordings")
def test_no_document_of_the_set_is_left_out_here() -> None:
    here = {path.name for path in SET.iterdir() if path.suffix not in {".md", ".txt"}}
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in sorted(here) if name not in text] == []


# ---------------------------------------------------------------------------------------------------------- every rule


def test_a_message_of_our_own_making_is_right() -> None:
    event = reader().one(alert())
    assert (*score(event), event.occurred_at) == ("alarm", "warning_signal", "on", device("1"), SENT_AT)
    expected = {"level": "orange", "type": "rainstorm", "expires_at": SENT_AT + 43_200_000.0, "message_type": "Alert"}
    assert {name: event.attributes.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        # 3.2.1 identity and time
        (alert(identifier="a b"), "bad_name: identifier"),
        (alert(identifier="a,b"), "bad_name: identifier"),
        (alert(identifier="a&amp;b"), "bad_name: identifier"),
        (alert(identifier=""), "bad_name: identifier"),
        (alert().replace("qx@cma.example", "the office"), "bad_name: sender"),
        (alert(sent="2026-03-02T18:00:00Z"), "wrong_type: sent"),
        (alert(sent="2026-03-02T18:00:00.5+08:00"), "wrong_type: sent"),
        (alert(sent="2026-03-02T18:00:00,08:00"), "wrong_type: sent"),
        (alert(sent="2026-03-02T18:00:00"), "wrong_type: sent"),
        (alert(sent="2026-02-30T18:00:00+08:00"), "out_of_range: sent"),
        (alert(infos=[info(expires="2026-03-03")]), "wrong_type: expires"),
        (alert(infos=[info(expires="2026-03-02T17:59:59+08:00")]), "out_of_range: info.expires"),
        # words
        (alert(status="Real"), "wrong_word: status: expected Actual, Exercise, System, Test, Draft"),
        (alert(kind="New"), "wrong_word: msgType"),
        (alert(scope="World"), "wrong_word: scope"),
        (alert(infos=[info(severity="Red")]), "wrong_word: severity"),
        (alert(infos=[info(urgency="Now")]), "wrong_word: urgency"),
        (alert(infos=[info(response="Run")]), "wrong_word: responseType"),
        # shape
        (alert(more="<colour>red</colour>"), 'unknown_field: alert: came "colour"'),
        (alert(more="<status>Actual</status>"), 'unknown_field: alert: came "status" after its place'),
        (alert(more="<note>a</note><note>b</note>"), "too_many: alert.note"),
        (alert(more='<x:y xmlns:x="urn:x"/>'), "unknown_field: alert: came"),
        (alert(infos=["<info/>"]), "missing_field: info.category"),
        (alert(infos=[info().replace("<event>暴雨</event>", "")]), "missing_field: info.event"),
        (alert(infos=[info(event=" ")]), "missing_field: info.event"),
        (alert(infos=[info().replace("Likely", "<b>Likely</b>")]), "unknown_field: certainty"),
        (alert(infos=[info(area="<area/>")]), "missing_field: area.areaDesc"),
        (
            alert(infos=[info(area=AREA.replace("</area>", "<geocode><value>1</value></geocode></area>"))]),
            "missing_field: geocode.valueName",
        ),
        # scope
        (alert(scope="Restricted"), "wrong_word: restriction"),
        (alert(more="<restriction>staff</restriction>"), "wrong_word: restriction"),
        (alert(scope="Private"), "missing_field: addresses"),
        # references
        (alert(kind="Update"), "missing_field: references"),
        (alert(kind="Cancel"), "missing_field: references"),
        (alert(kind="Ack"), "missing_field: references"),
        (alert(kind="Error"), "missing_field: references"),
        (alert(kind="Update", references=["a,b"]), "wrong_type: references"),
        (alert(kind="Update", references=["a,b,c"]), "wrong_type: references"),
        (alert(kind="Update", references=[reference("1")]), "out_of_range: references: expected earlier messages"),
        (
            alert(kind="Update", references=[reference("0", "2026-03-02T18:00:01+08:00")]),
            "out_of_range: references: expected none later",
        ),
        (alert(kind="Update", references=[reference(str(each)) for each in range(2, 503)]), "too_many: references"),
        # addresses of things
        (alert(infos=[info(more="<web>page.html</web>")]), "wrong_type: info.web"),
        (alert(infos=[info(more="<web>http://[x</web>")]), "wrong_type: info.web"),
        (
            alert(
                infos=[
                    info(
                        more="<resource><resourceDesc>map</resourceDesc><mimeType>image/gif</mimeType><uri>m.gif</uri></resource>"
                    )
                ]
            ),
            "wrong_type: resource.uri",
        ),
        (alert(infos=[info(more="<resource><resourceDesc>map</resourceDesc></resource>")]), "missing_field: resource.mimeType"),
        # what is no CAP
        ("<alert/>", "wrong_word: expected a CAP alert"),
        ("<a>", "not_xml"),
        (b"", ""),
        ({"type": "x"}, "wrong_word: expected CAP as XML"),
        (b"{", "not_json"),
        ('<!DOCTYPE a [<!ENTITY e "x">]>' + alert(), ""),
    ],
)
def test_what_breaks_a_rule_is_refused_with_what_was_expected(body: object, reason: str) -> None:
    assert reader().refusal(body).startswith(reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<polygon>1,1 1,2 2,2</polygon>", "out_of_range: area.polygon: expected 4 to"),
        ("<polygon>1,1 1,2 2,2 1,3</polygon>", "out_of_range: area.polygon: expected the last point to be the first"),
        ("<polygon>0,0 1,1 0,1 1,0 0,0</polygon>", "out_of_range: area.polygon: expected a line that does not cross"),
        ("<polygon>104,30 104,31 105,31 104,30</polygon>", "out_of_range: area: expected lat,lon within"),
        ("<polygon>1;1 1;2 2;2 1;1</polygon>", "wrong_type: area: expected a point"),
        ("<polygon>nan,1 1,2 2,2 nan,1</polygon>", "wrong_type: area: expected a point"),
        ("<circle>30,104</circle>", "wrong_type: area.circle"),
        ("<circle>30,104 -1</circle>", "out_of_range: area.circle"),
        ("<circle>30,104 1e9</circle>", "out_of_range: area.circle"),
        ("<circle>30 104 5</circle>", "wrong_type: area.circle"),
        ("<circle>x,104 5</circle>", "wrong_type: area: expected a point"),
        ("<ceiling>5000</ceiling>", "missing_field: area.altitude"),
        ("<altitude>high</altitude>", "wrong_type: area.altitude"),
    ],
)
def test_a_shape_that_breaks_a_rule_is_refused(text: str, reason: str) -> None:
    assert reader().refusal(shape(text)).startswith(reason)


@pytest.mark.parametrize(
    "body",
    [
        alert(namespace="urn:oasis:names:tc:emergency:cap:1.1"),
        alert(
            namespace="urn:oasis:names:tc:emergency:cap:1.1",
            infos=[info(more="<resource><resourceDesc>map</resourceDesc></resource>")],
        ),
        alert(infos=[info().replace("Likely", "Very Likely")]),
        alert(more="<restriction/><addresses/><note/><references/><incidents/>"),
        alert(scope="Restricted", more="<restriction>staff</restriction>"),
        alert(scope="Private", more="<addresses>a b</addresses>"),
        alert() + "\n<!-- done -->",
        shape("<altitude>100</altitude><ceiling>5000</ceiling>"),
        shape("<polygon> 1,1  1,2\n2,2 1,1 </polygon><circle>30,104 0</circle>"),
    ],
)
def test_what_is_let_pass(body: str) -> None:
    assert reader().one(body).state == "on"


def test_old_encodings_and_html() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + alert(infos=[info("Sturmböe", "de-DE")])
    assert reader().one(text.encode("iso-8859-1")).attributes["event"] == "Sturmböe"
    html = info(more="<description>Wind&lt;br /&gt;&lt;b&gt;stark&lt;/b&gt;</description>")
    assert reader().one(alert(infos=[html])).attributes["text"] == "Wind\nstark"
