"""XML as foreign systems send it: decoded by what it really is, read without entities, and bounded before it can cost anything.

Cameras and platforms send GB2312, GBK or GB18030, which Python's parser refuses, declare UTF-16 over UTF-8 bytes (.NET), begin
with an empty line and end with a NUL (C). All that is read; a document type, an entity, too much of anything is refused.
"""

import re
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from ingest.refusal import Refusal, Refused, shown

XML_BYTES_MAX: Final = 1_048_576
DEPTH_MAX: Final = 64
ELEMENTS_MAX: Final = 8_000
ATTRIBUTES_MAX: Final = 20_000
"""Ours: the deepest and largest real messages (CAP with many areas, an answer with many notifications) have a hundredth."""

NAMESPACE_LENGTH_MAX: Final = 256
_TOO_MANY: Final = f"expected at most {ELEMENTS_MAX} elements; send them in several messages"
_DECLARED: Final = re.compile(r"<\?xml\s[^>]{0,200}?encoding\s{0,8}=\s{0,8}[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"<\?xml[^>]{0,300}\?>")
_HEAD: Final = 300
_EDGES: Final = " \t\r\n\0\ufeff"
_GB: Final = ("gb18030",)
_LATIN: Final = ("latin-1",)
_UNICODE: Final = ("utf-8", "gb18030")
"""UTF-8 first; where that cannot be, devices that declare it, or nothing, send Chinese in GB18030 (GB/T 28181 ones above all)."""
_CODECS: Final = {
    "": _UNICODE,
    "utf-8": _UNICODE,
    "utf8": _UNICODE,
    "us-ascii": _UNICODE,
    "ascii": _UNICODE,
    "utf-16": _UNICODE,  # the real one is known by its first bytes
    "gb2312": _GB,
    "gb_2312-80": _GB,
    "gbk": _GB,
    "cp936": _GB,
    "gb18030": _GB,
    "iso-8859-1": _LATIN,
    "latin1": _LATIN,
    "latin-1": _LATIN,
    "windows-1252": ("cp1252", "latin-1"),
}
_WIDE: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


def read_xml(payload: bytes) -> Element | Refused:
    """The root element, or why there is none. Never raises; time and memory grow with the size alone, and that is bounded.

    Refused: over ``XML_BYTES_MAX`` bytes, ``DEPTH_MAX`` levels, ``ELEMENTS_MAX`` elements or ``ATTRIBUTES_MAX`` attributes; a
    document type or an entity of its own; an encoding other than UTF-8, UTF-16, GB2312, GBK, GB18030, ISO 8859-1, Windows-1252;
    what is no XML.
    """
    if len(payload) > XML_BYTES_MAX:
        return Refused(Refusal.TOO_LARGE, f"expected at most {XML_BYTES_MAX} bytes of XML, came {len(payload)}")
    text = decode_xml(payload)
    if isinstance(text, Refused):
        return text
    if not text:
        return Refused(Refusal.EMPTY, f"expected XML, came {len(payload)} bytes of nothing")
    if (much := _much_of(text)) is not None:
        return much
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    parser.parser.StartNamespaceDeclHandler = _check_namespace
    try:
        parser.feed(text)
        root = parser.close()
    except _TooMuch as found:
        return Refused(found.reason, found.detail)
    except DefusedXmlException:
        return Refused(Refusal.NOT_XML, "expected XML without a document type or entities of its own; send it without <!DOCTYPE>")
    except (ParseError, ValueError) as fault:  # half a surrogate pair is a ValueError
        return Refused(Refusal.NOT_XML, f"expected XML: {str(fault)[:120]}; it begins {shown(text[:60])}")
    assert isinstance(root, Element)  # noqa: S101 - what the builder's close gives
    return root


def _much_of(text: str) -> Refused | None:
    """What there is too much of, before the parser has to build it and to compare attributes with each other."""
    if text.count("=") > ATTRIBUTES_MAX:
        return Refused(Refusal.TOO_MANY, f"expected at most {ATTRIBUTES_MAX} attributes, came as many signs of =")
    if text.count("</") + text.count("/>") > ELEMENTS_MAX:  # neither texts nor attributes have so many of them
        return Refused(Refusal.TOO_MANY, _TOO_MANY)
    return None


def decode_xml(payload: bytes) -> str | Refused:
    """The text without declaration, byte order mark and edges ("" where there is nothing), or that its encoding is none of ours.

    Bytes that are not of the encoding become U+FFFD: a fire alarm with a broken description is still a fire alarm.
    """
    wide = next((codec for mark, codec in _WIDE if payload.startswith(mark)), "")
    head = payload[:_HEAD].decode("latin-1")
    declared = found[1].lower() if (found := _DECLARED.search(head)) else ""
    if not wide and declared not in _CODECS:
        return Refused(
            Refusal.NOT_XML, f"encoding: expected UTF-8, GB18030, GBK, GB2312, UTF-16 or ISO-8859-1, came {shown(declared)}"
        )
    codecs = (wide,) if wide else _CODECS[declared]
    return _without_declaration(_decoded(payload, codecs).strip(_EDGES))


def _decoded(payload: bytes, codecs: tuple[str, ...]) -> str:
    """By the first that can; where none can (devices cut texts within a letter) by the first, with U+FFFD in the gaps."""
    for codec in codecs:
        try:
            return payload.decode(codec)
        except UnicodeError:
            continue
    return payload.decode(codecs[0], "replace")


def _without_declaration(text: str) -> str:
    return _DECLARATION.sub("", text, count=1).lstrip(_EDGES) if text.startswith("<?xml") else text


def name_of(element: Element) -> str:
    """The name without its namespace: devices send one, another, or none."""
    return element.tag.rpartition("}")[2]


def text_of(element: Element, *paths: str) -> str:
    """The text at the first of these paths (``Info/AlarmType``) that is there and says something, without its edges, else "".

    In whatever namespace, or none; case counts.
    """
    for path in paths:
        found = element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
        if found is not None and (text := (found.text or "").strip()):
            return text
    return ""


class _TooMuch(Exception):  # noqa: N818 - a verdict, not a fault
    def __init__(self, reason: Refusal, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def _check_namespace(_: str | None, address: str | None) -> None:
    """It is written out in the name of every element within it: one of 300 kB would take gigabytes."""
    if len(address or "") > NAMESPACE_LENGTH_MAX:
        raise _TooMuch(
            Refusal.TOO_LONG, f"expected a namespace of at most {NAMESPACE_LENGTH_MAX} characters, came {len(address or '')}"
        )


class _Bounded:
    """Builds the tree while it may still grow."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = 0
        self._elements_count = 0
        self.data = self._builder.data

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        """An element begins."""
        self._depth += 1
        self._elements_count += 1
        if self._depth > DEPTH_MAX:
            raise _TooMuch(Refusal.TOO_DEEP, f"expected at most {DEPTH_MAX} levels of XML")
        if self._elements_count > ELEMENTS_MAX:
            raise _TooMuch(Refusal.TOO_MANY, _TOO_MANY)
        return self._builder.start(tag, attributes)

    def end(self, tag: str) -> Element:
        """An element ends."""
        self._depth -= 1
        return self._builder.end(tag)

    def close(self) -> Element:
        """The root."""
        return self._builder.close()
