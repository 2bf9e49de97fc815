"""Bad input of every kind: each gets its exact reason, is kept in part, and stops nothing."""

import pytest

from ingest.refusal import EXCERPT_BYTES_MAX, SENTENCES
from ingest.wire import MESSAGE_BYTES_MAX, Refusal, decode
from rules.model import Event, Rejected

R = "shouwang/v1/jade/iot/reading/d1"
S = "shouwang/v1/jade/iot/state/d1"
A = "shouwang/v1/jade/iot/alarm/d1"
OK = b'{"kind":"temperature","value":1}'


def reading(rest: str) -> bytes:
    return b'{"kind":"temperature","value":1,' + rest.encode("utf-8", "surrogatepass") + b"}"


def value(text: str) -> bytes:
    return b'{"kind":"temperature","value":' + text.encode() + b"}"


CORPUS: list[tuple[Refusal, str, bytes, str]] = [
    # --- no JSON
    (Refusal.EMPTY, R, b"", "0 bytes"),
    (Refusal.EMPTY, R, b" \n\t", "3 bytes"),
    (Refusal.EMPTY, R, b"[]", "empty array"),
    (Refusal.NOT_JSON, R, b"21.5 C", "trailing"),
    (Refusal.NOT_JSON, R, b'{"kind":"temperature","value":1', "EOF"),
    (Refusal.NOT_JSON, R, OK + OK, "trailing"),
    (Refusal.NOT_JSON, R, b"{'kind':'temperature'}", "key must be a string"),
    (Refusal.NOT_JSON, R, b'{"kind":"temperature" "value":1}', "expected"),
    (Refusal.NOT_JSON, R, value("01"), "invalid number"),
    (Refusal.NOT_JSON, R, value("0x1F"), "expected"),
    (Refusal.NOT_JSON, R, value("undefined"), "expected"),
    (Refusal.NOT_JSON, R, b"/* fire */" + OK, "expected"),
    (Refusal.NOT_JSON, R, b"\xef\xbb\xbf" + OK, "byte order mark"),
    (Refusal.NOT_JSON, R, b"eyJraW5kIjoic21va2UifQ==", "expected"),
    (Refusal.NOT_JSON, R, value("9" * 5000), "out of range"),
    (Refusal.NOT_JSON, R, reading('"id":"\\ud800"'), "hex escape"),
    (Refusal.NOT_JSON, R, reading('"id":"a\x01b"'), "control character"),
    (Refusal.NOT_UTF8, R, '{"kind":"温度"}'.encode("gb18030"), "GB18030"),
    (Refusal.NOT_UTF8, R, reading('"id":"\ud800"'), "0xed"),
    (Refusal.NOT_UTF8, R, b"\xff\xfe{\x00}\x00", "0xff"),
    (Refusal.TOO_DEEP, R, b"[" * 60_000, "recursion"),
    (Refusal.TOO_DEEP, R, reading('"attributes":' + '{"a":' * 5000 + "1" + "}" * 5000), "recursion"),
    (Refusal.TOO_LARGE, R, b"[" + b",".join([OK] * 3000) + b"]", str(MESSAGE_BYTES_MAX)),
    # --- not an event
    (Refusal.NOT_AN_OBJECT, R, b"null", "null"),
    (Refusal.NOT_AN_OBJECT, R, b"21.5", "21.5"),
    (Refusal.NOT_AN_OBJECT, R, b'"on"', "on"),
    (Refusal.NOT_AN_OBJECT, R, b"[[]]", "[]"),
    (Refusal.TOO_MANY, R, b"[" + b",".join([b"1"] * 1001) + b"]", "1000"),
    # --- keys
    (Refusal.DUPLICATE_KEY, R, b'{"kind":"temperature","value":1,"value":90}', "value"),
    (Refusal.DUPLICATE_KEY, R, b'{"kind":"temperature","value":1,"val\\u0075e":90}', "value"),
    (Refusal.DUPLICATE_KEY, R, reading('"attributes":{"a":1,"a":2}'), '"a"'),
    (Refusal.DUPLICATE_KEY, R, reading('"id":"x:\\u003a","id":"y"'), "id"),
    (Refusal.DUPLICATE_KEY, R, reading('"attributes":{"\u00e9":1,"e\u0301":2}'), "Unicode form"),
    (Refusal.UNKNOWN_FIELD, R, reading('"units":"F"'), "is unit meant?"),
    (Refusal.UNKNOWN_FIELD, R, reading('"val":3'), "is value meant?"),
    (Refusal.UNKNOWN_FIELD, R, reading('"timestamp":3'), "is at meant?"),
    (Refusal.UNKNOWN_FIELD, R, reading('"floor":3'), "belongs into attributes"),
    (Refusal.UNKNOWN_FIELD, R, reading('"state":"on"'), "class state"),
    (Refusal.MISSING_FIELD, R, b'{"value":1}', "kind"),
    (Refusal.MISSING_FIELD, R, b'{"kind":"temperature"}', "value"),
    (Refusal.MISSING_FIELD, S, b'{"kind":"opening"}', "state"),
    (Refusal.MISSING_FIELD, A, b"{}", "kind"),
    # --- numbers
    (Refusal.NOT_FINITE, R, value("NaN"), "NaN"),
    (Refusal.NOT_FINITE, R, value("Infinity"), "Infinity"),
    (Refusal.NOT_FINITE, R, value("-Infinity"), "-Infinity"),
    (Refusal.NOT_FINITE, R, value("1e400"), "finite"),
    (Refusal.NOT_FINITE, R, value("9" * 400), "finite"),
    (Refusal.NOT_FINITE, R, reading('"attributes":{"a":1e999}'), "attributes.a"),
    (Refusal.WRONG_TYPE, R, value("true"), "true"),
    (Refusal.WRONG_TYPE, R, value('"21.5"'), '"21.5"'),
    (Refusal.WRONG_TYPE, R, value("[1]"), "[1]"),
    (Refusal.WRONG_TYPE, R, reading('"seq":true'), "true"),
    (Refusal.WRONG_TYPE, R, reading('"seq":1.0'), "1.0"),
    (Refusal.WRONG_TYPE, R, reading('"receipt":1'), "receipt"),
    (Refusal.WRONG_TYPE, R, reading('"at":true'), "at"),
    (Refusal.WRONG_TYPE, R, reading('"at":{"s":1}'), "at"),
    (Refusal.WRONG_TYPE, R, reading('"id":17'), "id"),
    (Refusal.WRONG_TYPE, R, reading('"attributes":{"a":null}'), "no null"),
    (Refusal.WRONG_TYPE, R, reading('"attributes":{"a":{"b":1}}'), "no nesting"),
    (Refusal.WRONG_TYPE, R, reading('"attributes":[1]'), "attributes"),
    (Refusal.OUT_OF_RANGE, R, reading('"seq":-1'), "seq"),
    (Refusal.OUT_OF_RANGE, R, reading('"seq":9223372036854775808'), "seq"),
    (Refusal.OUT_OF_RANGE, R, reading('"confidence":1.01'), "confidence"),
    # --- words
    (Refusal.WRONG_WORD, R, reading('"status":"drill"'), "exercise"),
    (Refusal.WRONG_CLASS, R, b'{"kind":"smoke","value":1}', "alarm or state"),
    (Refusal.WRONG_CLASS, A, b'{"kind":"temperature","value":95}', "reading"),
    (Refusal.WRONG_CLASS, S, b'{"kind":"sos","state":"on"}', "alarm"),
    (Refusal.WRONG_UNIT, R, reading('"unit":"°F"'), "°C"),
    (Refusal.WRONG_UNIT, R, reading('"unit":"C"'), "convert"),
    (Refusal.WRONG_UNIT, R, b'{"kind":"generic","value":1,"unit":"kWh"}', "measured in 1"),
    (Refusal.WRONG_STATE, S, b'{"kind":"opening","state":"ajar"}', '"open" or "closed"'),
    (Refusal.WRONG_STATE, A, b'{"kind":"smoke","state":"test"}', '"on" or "off"'),
    (Refusal.WRONG_TYPE, A, b'{"kind":"smoke","state":true}', "state"),
    # --- texts
    (Refusal.TOO_LONG, R, reading('"attributes":{"a":"' + "x" * 8193 + '"}'), "8192"),
    (Refusal.TOO_LONG, R, reading('"attributes":{"' + "k" * 257 + '":1}'), "256"),
    (Refusal.TOO_LONG, R, reading('"id":"' + "x" * 129 + '"'), "128"),
    (Refusal.TOO_MANY, R, reading('"attributes":{' + ",".join(f'"k{n}":1' for n in range(257)) + "}"), "256"),
    (Refusal.TOO_MANY, R, reading('"zone":"' + "/".join("a" * 17) + '"'), "16"),
    (Refusal.BAD_NAME, R, b'{"kind":"Temperature","value":1}', "lower-case"),
    (Refusal.BAD_NAME, R, b'{"kind":"","value":1}', "kind"),
    (Refusal.BAD_NAME, R, reading('"id":""'), "at least 1"),
    (Refusal.BAD_NAME, R, reading('"id":"a b"'), "U+0020"),
    (Refusal.BAD_NAME, R, reading('"id":"a/b"'), "U+002F"),
    (Refusal.BAD_NAME, R, reading('"id":"a+#"'), "U+002B"),
    (Refusal.BAD_NAME, R, reading('"id":"a\\u0000b"'), "U+0000"),
    (Refusal.BAD_NAME, R, reading('"id":"a\\u202eb"'), "RIGHT-TO-LEFT OVERRIDE"),
    (Refusal.BAD_NAME, R, reading('"id":"a\u200bb"'), "ZERO WIDTH SPACE"),
    (Refusal.BAD_NAME, R, reading('"zone":"a//b"'), "zone"),
    (Refusal.BAD_NAME, R, reading('"zone":"/b03"'), "zone"),
    (Refusal.BAD_NAME, R, reading('"gateway":"<script>"'), "U+003C"),
    (Refusal.BAD_NAME, R, reading('"attributes":{"a b":1}'), "attributes"),
    (Refusal.BAD_TEXT, R, reading('"attributes":{"t":"a\\u0000b"}'), "attributes.t"),
    (Refusal.BAD_TEXT, R, reading('"attributes":{"t":"a\\u001bb"}'), "U+001B"),
    (Refusal.BAD_TEXT, R, reading('"attributes":{"t":"a\x7fb"}'), "U+007F"),
    # --- topics
    (Refusal.BAD_TOPIC, "shouwang/v2/jade/iot/reading/d1", OK, "prefix"),
    (Refusal.BAD_TOPIC, "shouwang/v1/jade/iot/reading", OK, "four parts"),
    (Refusal.BAD_TOPIC, "shouwang/v1/jade/iot/reading/d1/x", OK, "four parts"),
    (Refusal.BAD_TOPIC, "shouwang/v1/jade/lora/reading/d1", OK, "iot|video|internet|data"),
    (Refusal.BAD_TOPIC, "shouwang/v1/jade/iot/readings/d1", OK, "alarm|state|reading|heartbeat"),
    (Refusal.BAD_TOPIC, "shouwang/v1//iot/reading/d1", OK, "community"),
    (Refusal.BAD_TOPIC, "shouwang/v1/jade/iot/reading/a b", OK, "device"),
    (Refusal.BAD_TOPIC, "shouwang/v1/jade/iot/reading/a\u202eb", OK, "U+202E"),
    (Refusal.BAD_TOPIC, "shouwang/v1/jade/iot/reading/" + "d" * 129, OK, "128"),
    (Refusal.BAD_TOPIC, "", OK, "prefix"),
]


@pytest.mark.parametrize(("reason", "topic", "payload", "says"), CORPUS, ids=[f"{n}-{row[0]}" for n, row in enumerate(CORPUS)])
def test_bad_input_gets_its_reason(reason: Refusal, topic: str, payload: bytes, says: str) -> None:
    (refused,) = decode(topic, payload)

    assert isinstance(refused, Rejected)
    assert (refused.reason, says in refused.detail) == (reason, True), refused.detail
    assert refused.detail.isprintable()
    assert refused.source == topic or not topic.isprintable()
    assert refused.size == len(payload) or payload == b"[[]]"  # of an element only itself is kept
    assert len(refused.excerpt) <= EXCERPT_BYTES_MAX
    assert refused.excerpt in payload


def test_every_reason_is_in_the_corpus_and_has_its_sentence() -> None:
    only_of_foreign_formats = {Refusal.NOT_XML, Refusal.BAD_BYTES, Refusal.ADAPTER_FAULT}
    assert {row[0] for row in CORPUS} | only_of_foreign_formats == set(Refusal) == set(SENTENCES)


@pytest.mark.parametrize(
    "payload", [row[2] for row in CORPUS if row[1] == R and row[0] != Refusal.TOO_LARGE and row[2][:1] == b"{"]
)
def test_in_an_array_it_harms_no_neighbour(payload: bytes) -> None:
    results = decode(R, b"[" + OK + b"," + payload + b"," + OK + b"]")

    kinds = [type(result) for result in results]
    assert kinds in ([Event, Rejected, Event], [Rejected])
    if kinds == [Rejected]:  # where no element can be told from another
        assert getattr(results[0], "reason", "") in {Refusal.NOT_JSON, Refusal.NOT_UTF8, Refusal.TOO_DEEP}


def test_the_community_is_known_even_of_a_bad_topic() -> None:
    (refused,) = decode("shouwang/v1/jade/lora/reading/d1", OK)

    assert isinstance(refused, Rejected)
    assert refused.community == "jade"


def test_the_same_refusal_delivered_again_is_the_same_and_another_is_another() -> None:
    (first,), (again,), (other,) = decode(R, b"x"), decode(R, b"x"), decode(R, b"y")

    assert first.id == again.id != other.id


def test_only_the_first_kilobyte_is_kept() -> None:
    (refused,) = decode(R, b"x" * 5000)

    assert isinstance(refused, Rejected)
    assert (refused.excerpt, refused.size) == (b"x" * 1024, 5000)
