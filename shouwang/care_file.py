"""A care list as CSV: read, held against what it may hold, and every fault said with line and column. Names are refused."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from dashboard.care_list import CareReference, Purpose
from ingest.contacts import masked_text
from ingest.csv_text import csv_text
from ingest.refusal import Refused
from ingest.text import clean_zone
from rules.pack_text import Fault, Faults

BYTES_MAX: Final = 10_000_000
ROWS_MAX: Final = 20_000
VALID_DAYS_MAX: Final = 366
"""A reference holds for a year at most: whoever keeps the list says once a year that it is still needed; ours."""

_CHINA: Final = timezone(timedelta(hours=8))
_COLUMNS: Final = {
    "reference": "reference",
    "引用编号": "reference",
    "zone": "zone",
    "区域": "zone",
    "purpose": "purpose",
    "用途": "purpose",
    "holder": "holder",
    "持有单位": "holder",
    "valid_until": "valid_until",
    "有效期至": "valid_until",
}
_NEEDED: Final = ("reference", "zone", "purpose", "holder", "valid_until")
_PURPOSES: Final = {"evacuation": Purpose.EVACUATION, "疏散": Purpose.EVACUATION, "care": Purpose.CARE, "关爱": Purpose.CARE}
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{3,63}")
_NUMBER_OF_A_PERSON: Final = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}|\d{17}[\dXx]|\d{15})(?!\d)")
_HOLDER: Final = re.compile(
    r".*(?:社区|街道|委员会|物业|中心|医院|卫生|民政|残联|公安|派出所|网格|服务|机构|公司|会|办公室|政府|局|站|所|院|部|队|处)"
    r"|.*\b(?i:office|centre|center|service|services|desk|station|community|committee|hospital|bureau|police|property)\b.*"
)
"""A holder is an organisation: the name of one ends, in Chinese, in what it is; a person's does not."""
_HOLDER_LENGTHS: Final = range(4, 65)


@dataclass(frozen=True, slots=True)
class CareList:
    """What a file holds: the references that are valid now, and how many were not any more."""

    references: tuple[CareReference, ...]
    expired_count: int


class CareFileError(ValueError):
    """A care list that is refused; the message has every fault, in Chinese and English, a line each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        head = "关爱名单有误，请逐条改正 / the care list has faults; mend each:\n"
        super().__init__(head + "\n".join(f"  {fault}" for fault in faults))


def read_care_list(name: str, payload: bytes, *, community: str, now: int) -> CareList:
    """The list in these bytes. ``name`` for the faults. Raises CareFileError with all of them; never says what a cell held."""
    faults = Faults(name)
    if len(payload) > BYTES_MAX:
        faults.add(1, 1, f"超过 {BYTES_MAX} 字节 / is larger than {BYTES_MAX} bytes: load one community at a time")
        raise CareFileError(faults.in_order())
    text = csv_text(payload)
    if isinstance(text, Refused):
        faults.add(1, 1, f"不是 UTF-8 或 GB 18030 文本 / {text.detail}")
        raise CareFileError(faults.in_order())
    reader = _Reader(faults, community, now)
    try:
        reader.read(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as fault:
        faults.add(reader.line, 1, f"不是 CSV / is no CSV: {fault}")
    if len(faults):
        raise CareFileError(faults.in_order())
    return CareList(tuple(reader.found), reader.expired_count)


class _Reader:
    """Reads the rows of one file. A cell is never repeated in a fault: what does not belong here must not be in a log either."""

    def __init__(self, faults: Faults, community: str, now: int) -> None:
        self.found: list[CareReference] = []
        self.expired_count = 0
        self.line = 1
        self._faults = faults
        self._community = community
        self._now = now
        self._seen: dict[tuple[str, Purpose], int] = {}

    def read(self, lines: "csv._reader") -> None:  # type: ignore[name-defined]  # the type has no public name
        header: list[str] = next(lines, [])
        columns = self._columns(header)
        count = 0
        for row in lines:
            self.line = lines.line_num
            if not any(cell.strip() for cell in row):
                continue
            count += 1
            if count > ROWS_MAX:
                self._fault(1, f"超过 {ROWS_MAX} 行 / more than {ROWS_MAX} rows: load one community at a time")
                return
            if len(row) > len(header):
                self._fault(len(header) + 1, "多出的单元格 / a cell beyond the columns that line 1 names")
            self._row({name: (row[index].strip() if index < len(row) else "", index + 1) for name, index in columns.items()})

    def _columns(self, header: list[str]) -> dict[str, int]:
        columns: dict[str, int] = {}
        for index, cell in enumerate(header):
            name = _COLUMNS.get(cell.strip().lower())
            if name is None:
                known = ", ".join(_NEEDED)
                self._fault(
                    index + 1,
                    f"不允许的列：名单只许引用，不得有姓名、电话、证件号等 / no such column here; there are {known} only",
                )
            elif name in columns:
                self._fault(index + 1, f"列重复 / the column {name} comes twice")
            else:
                columns[name] = index
        for name in _NEEDED:
            if name not in columns:
                self._fault(1, f"缺少列 / the column {name} is missing")
        return columns if len(columns) == len(_NEEDED) else {}

    def _row(self, cells: dict[str, tuple[str, int]]) -> None:
        before = len(self._faults)
        for text, column in cells.values():
            if masked_text(text) != text or _NUMBER_OF_A_PERSON.search(text):
                self._fault(
                    column,
                    "疑似电话、证件号或邮箱，不得进入名单 / looks like a telephone, identity or mail: it must not come in here",
                )
        if not cells or len(self._faults) > before:
            return
        reference = self._reference(*cells["reference"])
        zone = self._zone(*cells["zone"])
        purpose = self._purpose(*cells["purpose"])
        self._holder(*cells["holder"])
        until_at = self._until(*cells["valid_until"])
        if len(self._faults) > before or purpose is None:
            return
        first = self._seen.setdefault((reference, purpose), self.line)
        if first != self.line:
            self._fault(cells["reference"][1], f"与第 {first} 行重复 / the same reference and purpose as in line {first}")
        elif until_at <= self._now:
            self.expired_count += 1
        else:
            self.found.append(
                CareReference(
                    community=self._community,
                    reference=reference,
                    zone=zone,
                    purpose=purpose,
                    holder=cells["holder"][0],
                    valid_until_at=until_at,
                )
            )

    def _reference(self, text: str, column: int) -> str:
        if not _REFERENCE.fullmatch(text):
            self._fault(
                column, "引用编号应为 4 至 64 位字母、数字、_ . - / a reference has 4 to 64 letters A-Z, digits, _ . -: no name"
            )
        return text

    def _zone(self, text: str, column: int) -> str:
        zone = clean_zone(text)
        if not text or isinstance(zone, Refused):
            self._fault(column, "区域应为路径，如 b03/u1/0502 / a zone is a path such as b03/u1/0502")
            return ""
        return zone

    def _purpose(self, text: str, column: int) -> Purpose | None:
        purpose = _PURPOSES.get(text.lower())
        if purpose is None:
            self._fault(column, "用途应为 evacuation（疏散）或 care（关爱） / a purpose is evacuation or care")
        return purpose

    def _holder(self, text: str, column: int) -> None:
        is_fit = len(text) in _HOLDER_LENGTHS and text.isprintable() and text[0].isalpha()
        if not is_fit or not _HOLDER.fullmatch(text):
            self._fault(
                column,
                "持有单位应为机构全称，如“翠苑社区居委会”，不得是个人 / a holder is an organisation: Jade community office",
            )

    def _until(self, text: str, column: int) -> int:
        try:
            day = datetime.strptime(text.replace("/", "-"), "%Y-%m-%d").replace(tzinfo=_CHINA)
        except ValueError:
            self._fault(column, "有效期应为日期，如 2027-06-30 / valid_until is a date such as 2027-06-30")
            return 0
        if day > datetime.fromtimestamp(self._now / 1000, UTC) + timedelta(days=VALID_DAYS_MAX):
            self._fault(column, f"有效期最长 {VALID_DAYS_MAX} 天 / a reference holds for {VALID_DAYS_MAX} days at most")
            return 0
        return int((day + timedelta(days=1)).timestamp() * 1000)

    def _fault(self, column: int, message: str) -> None:
        self._faults.add(self.line, column, message)
