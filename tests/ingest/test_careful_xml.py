"""XML as it comes: every encoding that cameras send, every bomb that is known, and no input that costs more than its size."""

import tracemalloc
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.careful_xml import ATTRIBUTES_MAX, DEPTH_MAX, ELEMENTS_MAX, XML_BYTES_MAX, name_of, read_xml, text_of
from ingest.refusal import Refusal, Refused
from tests.hostile_page import MEMORY_MAX

BODY = "<Notify><Text>三号楼烟感报警</Text></Notify>"


def read(payload: bytes) -> str:
    root = read_xml(payload)
    assert isinstance(root, Element), root
    return text_of(root, "Text")


def refusal(payload: bytes) -> Refusal:
    told = read_xml(payload)
    assert isinstance(told, Refused), told
    return told.reason


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("GB2312", "gb2312"),
        ("gb2312", "gbk"),
        ("GBK", "gbk"),
        ("GB18030", "gb18030"),
        ("UTF-8", "gb18030"),  # says one, sends the other
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-8"),  # what .NET writes into a text
        ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16-be"),
    ],
)
def test_whatever_is_declared_the_text_is_read(declared: str, codec: str) -> None:
    assert read(f'<?xml version="1.0" encoding="{declared}"?>\n{BODY}'.encode(codec)) == "三号楼烟感报警"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_nothing_needs_to_be_declared(codec: str) -> None:
    assert read(BODY.encode(codec)) == "三号楼烟感报警"


@pytest.mark.parametrize("declared", ["ISO-8859-1", "windows-1252"])
def test_western_letters_too(declared: str) -> None:
    assert read(f"<?xml version='1.0' encoding='{declared}'?><a><Text>Tür</Text></a>".encode("latin-1")) == "Tür"


def test_a_letter_beyond_gbk_needs_gb18030_and_gets_it() -> None:
    assert read('<?xml version="1.0" encoding="GB2312"?><a><Text>𠮷</Text></a>'.encode("gb18030")) == "𠮷"


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_a_text_that_was_cut_within_a_letter_does_not_cost_the_alarm(codec: str) -> None:
    cut = "报警".encode(codec)[:-1]
    whole = b'<?xml version="1.0" encoding="%b"?><a><Text>%b</Text><Level>1</Level></a>' % (codec.encode(), cut)
    root = read_xml(whole)
    assert isinstance(root, Element)
    assert text_of(root, "Level") == "1"


@pytest.mark.parametrize("edges", [(b"\r\n ", b""), (b"", b"\0"), (b"\xef\xbb\xbf\n", b"\r\n\0\0")])
def test_what_stands_before_and_after_does_not_matter(edges: tuple[bytes, bytes]) -> None:
    before, after = edges
    assert read(before + f'<?xml version="1.0"?>{BODY}'.encode() + after) == "三号楼烟感报警"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b" \r\n\0", Refusal.EMPTY),
        (b"<a>", Refusal.NOT_XML),
        (b"<a></b>", Refusal.NOT_XML),
        (b"{}", Refusal.NOT_XML),
        (b"<a>&nosuch;</a>", Refusal.NOT_XML),
        (b"<a>\x01</a>", Refusal.NOT_XML),
        (b"<?xml version='1.0' encoding='Shift_JIS'?><a/>", Refusal.NOT_XML),
        (b"<?xml version='1.0' encoding='rot13'?><a/>", Refusal.NOT_XML),
        (b"<!DOCTYPE a><a/>", Refusal.NOT_XML),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', Refusal.NOT_XML),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', Refusal.NOT_XML),
        (b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', Refusal.NOT_XML),
        (b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.org/p">%p;]><a/>', Refusal.NOT_XML),
        (b" " * (XML_BYTES_MAX + 1), Refusal.TOO_LARGE),
        (b"<a>" * (DEPTH_MAX + 1) + b"</a>" * (DEPTH_MAX + 1), Refusal.TOO_DEEP),
        (b"<a>" + b"<b/>" * ELEMENTS_MAX + b"</a>", Refusal.TOO_MANY),
        (b"<a " + b" ".join(b'b%d=""' % each for each in range(ATTRIBUTES_MAX + 1)) + b"/>", Refusal.TOO_MANY),
    ],
)
def test_what_is_refused(payload: bytes, reason: Refusal) -> None:
    assert refusal(payload) is reason


def test_laughs_by_the_billion_are_refused_before_the_first() -> None:
    bomb = b'<!DOCTYPE z [<!ENTITY a "ha">' + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    assert refusal(bomb + b"]><z>&j;</z>") is Refusal.NOT_XML


def test_the_limits_themselves_are_within() -> None:
    assert isinstance(read_xml(b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX), Element)
    assert isinstance(read_xml(b"<a>" + b"<b/>" * (ELEMENTS_MAX - 1) + b"</a>"), Element)


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.hikvision.com/ver20/XMLSchema"', ' xmlns="urn:other"'])
def test_names_are_found_in_any_namespace_and_in_none(namespace: str) -> None:
    root = read_xml(f"<Notify{namespace}><Info> <AlarmType> 6 </AlarmType></Info><Empty> </Empty></Notify>".encode())
    assert isinstance(root, Element)
    assert name_of(root) == "Notify"
    assert text_of(root, "Empty", "info/AlarmType", "Info/AlarmType") == "6"
    assert not text_of(root, "AlarmType", "Nothing/At/All")


@given(st.binary(max_size=200) | st.text(max_size=120).map(lambda text: f"<a>{text}</a>".encode("utf-8", "surrogatepass")))
def test_whatever_comes_it_does_not_raise(payload: bytes) -> None:
    told = read_xml(payload)
    assert isinstance(told, Element | Refused)


def test_a_long_namespace_is_refused_before_it_is_written_out_in_every_name() -> None:
    inside = "".join(f"<e{number}/>" for number in range(5_000))
    document = f'<a xmlns="{"x" * 300_000}">{inside}</a>'.encode()
    tracemalloc.start()
    told = read_xml(document)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(told, Refused)
    assert told.detail == "expected a namespace of at most 256 characters, came 300000"
    assert peak < MEMORY_MAX
    assert not isinstance(read_xml(f'<p:a xmlns:p="{"x" * 256}"><p:b/></p:a>'.encode()), Refused)
