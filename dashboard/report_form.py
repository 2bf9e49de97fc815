"""What a resident's form brings, read with care: its fields, their limits, and what is wrong in words that help."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from dashboard.form_parts import read_parts
from rules.model import Sentence

BODY_MAX: Final = 16_384
"""Bytes of a form. 500 Chinese characters are 4,500 when they are encoded."""
PHOTO_MAX: Final = 5_000_000
UPLOAD_MAX: Final = PHOTO_MAX + BODY_MAX
"""Bytes of a form with a photograph."""
FIELDS_MAX: Final = 20
TEXT_MAX: Final = 500
PLACE_MAX: Final = 100
CONTACT_MAX: Final = 60
TRAP: Final = "website"
"""A field that people do not see. Programs fill in all they find."""

WHATS: Final[Mapping[str, Sentence]] = {
    "fire": Sentence("着火或冒烟", "Fire or smoke"),
    "gas": Sentence("燃气味或燃气泄漏", "Smell of gas"),
    "help": Sentence("有人需要帮助", "Somebody needs help"),
    "lift": Sentence("电梯困人或故障", "Lift stuck or broken"),
    "water": Sentence("漏水", "Water leak"),
    "other": Sentence("其他", "Something else"),
}
URGENT: Final = frozenset({"fire", "gas", "help", "lift"})
"""Where a life may hang on it: sent as urgent, whatever words stand beside it."""

_ZONE: Final = re.compile(r"[\w.-]{1,32}(/[\w.-]{1,32}){0,5}")
_APART: Final = re.compile(r"[\s,，、;；/]+")
_GAP: Final = r"[-\s.\u2010-\u2015\uff0d]?"
_TELEPHONE: Final = re.compile(
    rf"\d{{7}}|(?<!\d)1[3-9]\d(?:{_GAP}\d){{8}}(?!\d)|(?<!\d)0\d{{2,3}}[)）]?(?:{_GAP}\d){{7,8}}(?!\d)"
)
"""A telephone number as people write it, and nothing like ``12-2-1502``, which is a flat."""
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """The fields as they came, cleaned; each "" where nothing was filled in."""

    what: str = ""
    text: str = ""
    zone: str = ""
    place: str = ""
    contact: str = ""
    seal: str = ""
    trap: str = ""


def read_form(body: bytes) -> ReportForm | None:
    """The form of a request's body; None for what no form of ours sends. Of a field given twice the last one holds."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="replace")
    except ValueError:
        return None
    return form_of(dict(pairs))


def form_of(fields: Mapping[str, str]) -> ReportForm:
    """The form that these fields fill."""
    given = {name: _UNSEEN.sub("", value).replace("\r\n", "\n").strip() for name, value in fields.items()}
    what = given.get("what", "")
    return ReportForm(
        what=what if what in WHATS else "",
        text=given.get("text", ""),
        zone=zone_of(given.get("zone", "")),
        place=given.get("place", ""),
        contact=given.get("contact", ""),
        seal=given.get("seal", "")[:64],
        trap=given.get(TRAP, ""),
    )


def read_upload(body: bytes, boundary: bytes) -> tuple[ReportForm | None, bytes]:
    """The form and the photograph of a body that may bring one; None for what no form of ours sends, b"" for no photograph."""
    parts = read_parts(body, boundary)
    if parts is None:
        return None, b""
    picture = parts.pop("photo", b"")
    fields = {name: value.decode("utf-8", "replace") for name, value in parts.items()}
    return (None, b"") if any(len(text) > BODY_MAX for text in fields.values()) else (form_of(fields), picture)


def zone_of(text: str) -> str:
    """A zone's path as a QR code brings it (``b03/u1``); "" for anything else."""
    return text if _ZONE.fullmatch(text) else ""


def faults_of(form: ReportForm) -> dict[str, Sentence]:
    """What is wrong, by the field in which it is; empty where all is well."""
    faults: dict[str, Sentence] = {}
    if not form.what:
        faults["what"] = Sentence("请选择发生了什么。", "Choose what has happened.")
    if form.what == "other" and not form.text:
        faults["text"] = Sentence("选了“其他”，请写明是什么事。", "You chose something else: write what it is.")
    if not form.zone and not form.place:
        faults["place"] = Sentence(
            "请写明在哪里，例如：3栋 2单元 502。", "Write where it is, for example: building 3, unit 2, flat 502."
        )
    for name, length_max in (("text", TEXT_MAX), ("place", PLACE_MAX), ("contact", CONTACT_MAX)):
        length = len(getattr(form, name))
        if length > length_max:
            zh, en = (
                f"太长了：最多 {length_max} 个字，现在 {length} 个。",
                f"Too long: {length_max} letters at most, now {length}.",
            )
            faults[name] = Sentence(zh, en)
    if form.contact and "contact" not in faults and not _is_contact(form.contact):
        faults["contact"] = Sentence(
            "请填电话号码或邮箱，也可以不填。", "Give a telephone number or a mail address, or leave it empty."
        )
    if form.trap:
        zh = "有一个隐藏栏被自动填写了，已清空；请核对后再按一次“提交”。"
        faults["trap"] = Sentence(
            zh, "A hidden field had been filled in by a program; it is empty again. Look it over and send once more."
        )
    return faults


def report_of(form: ReportForm, code: str, language: str, photo: str = "") -> dict[str, Any]:
    """The report as the format ``resident`` takes it, of a form without faults. ``photo``: where its picture is to be seen."""
    what = WHATS[form.what]
    report: dict[str, Any] = {
        "id": code,
        "reporter": f"{form.what}.{code}",  # so the desk sees of what sort it is; nobody's number
        "channel": "web",
        "what": what.en if language == "en" else what.zh,
        "text": form.text,
        "zone": form.zone or _path_of(form.place),
        "address": form.place,
        "photo": photo,
    }
    if form.what in URGENT:
        report["urgency"] = "urgent"
    if form.contact:
        report["contact"] = {"email" if "@" in form.contact else "phone": form.contact}
    return {name: value for name, value in report.items() if value}


def _path_of(place: str) -> str:
    """A place in words as a path, so that two places are two cases: ``3栋 2单元`` is ``3栋/2单元``. No telephone number."""
    if _TELEPHONE.search(place):
        return ""
    return zone_of("/".join(part for part in _APART.split(place) if part))


def _is_contact(text: str) -> bool:
    if "@" in text:
        return bool(re.fullmatch(r"[^@\s]+@[^@\s]+", text))
    return sum(letter.isdigit() for letter in text) >= 5
