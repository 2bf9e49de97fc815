"""Work orders as records of named fields, out of JSON or CSV, whichever of the usual names their columns have.

No field names of a 12345 work order are published in a national standard (GB/T 33358-2016 3.6 only says what an order records):
the names here are ours, gathered from what exports and platforms call them. A name is looked up in lower case, without spaces,
underscores and signs.
"""

import csv
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ingest.careful import read_json
from ingest.csv_text import csv_text
from ingest.loose import Object, word
from ingest.refusal import Refusal, Refused

Record = Mapping[str, object]

_NAMES: Final = {
    "number": "orderno ordernumber workorderno orderid ordercode sheetno ticketno caseno servicerequestid "
    "工单编号 工单号 工单编码 受理编号 受理单号 诉求编号 流水号 编号",
    "appeal": "appealtype requesttype ordertype 诉求类型 诉求性质 诉求目的 事项类型 工单类型 来电类型",
    "category": "category appealcategory 诉求分类 诉求类别 事项分类 问题分类 问题类别 内容分类 服务分类",
    "title": "title subject 标题 诉求标题 工单标题 主题",
    "text": "content text description appealcontent 诉求内容 事项内容 工单内容 来电内容 反映内容 问题描述 诉求描述 内容",
    "zone": "zone 区域路径",
    "area": "grid area areaid district 网格 所属网格 所属区域 所属社区 区域",
    "address": "address place location 诉求地址 事发地址 事发地点 发生地址 发生地点 问题地址 详细地址 地址 地点",
    "accepted": "acceptedat accepttime createdat createtime registertime 受理时间 登记时间 来电时间 诉求时间 创建时间 工单时间",
    "dispatched": "dispatchedat dispatchtime assignedat assigntime 派单时间 转办时间 交办时间 下派时间",
    "updated": "updatedat updatetime modifytime lastupdatetime 更新时间 修改时间 最后更新时间",
    "happened": "happenedat happentime occurtime 事发时间 发生时间",
    "deadline": "deadline duetime dueat limittime expecteddatetime 办理时限 办结时限 处理时限 截止时间 要求办结时间",
    "urgency": "urgency urgentlevel priority 紧急程度 紧急等级 优先级 缓急程度",
    "status": "status orderstatus state 状态 工单状态 办理状态 处理状态",
    "withdrawn": "withdrawn iswithdrawn 是否撤销 是否撤单",
    "exercise": "exercise isexercise drill 是否演练 演练",
    "result": "result handleresult 办理结果 处理结果 办理情况 答复内容",
    "agency": "agency handleunit department 承办单位 主办单位 责任单位 办理单位",
    "source": "channel source 来源 诉求来源 受理渠道 来源渠道",
    "latitude": "lat latitude 纬度",
    "longitude": "lng lon long longitude 经度",
    "photo": "photo photos mediaurl image images attachments 附件 图片 照片",
    "caller": "caller callername name contact contactname contacts contactperson citizenname reporter "
    "来电人 来电人姓名 诉求人 诉求人姓名 市民姓名 反映人 投诉人 姓名 联系人 联系人姓名",
    "phone": "phone mobile tel telephone callerphone contactphone callerid phonenumber email idcard idno "
    "来电号码 主叫号码 联系电话 联系方式 手机 手机号 手机号码 电话 诉求人电话 回访电话 邮箱 身份证号 身份证号码 证件号码",
}
_FIELDS: Final = MappingProxyType({alias: name for name, aliases in _NAMES.items() for alias in aliases.split()})
PRIVATE: Final = ("caller", "phone")
"""Fields of which every column is kept, so that all are found in the texts; of the others the first that says something."""

_LISTS: Final = ("orders", "workorders", "rows", "records", "list", "items", "data", "result", "工单")
_COLUMNS_MAX: Final = 200


def read_records(payload: bytes, rows_max: int) -> list[object] | Refused:
    """The orders of a message, each as it stands; of CSV, which is what is no JSON, one row more than ``rows_max``."""
    if payload.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return _listed(read_json(payload.removeprefix(b"\xef\xbb\xbf")))
    return _rows(payload, rows_max)


def fields_of(record: Object) -> Record:
    """What a record says by our names: for ``PRIVATE`` a list of all that says something, else the first that does."""
    found: dict[str, object] = {}
    for key, value in list(record.items())[:_COLUMNS_MAX]:
        name = _FIELDS.get("".join(letter for letter in key.lower()[:64] if letter.isalnum()))
        if name is None or value is None or (isinstance(value, str) and not word(value)):
            continue
        if name in PRIVATE:
            before = found.get(name)
            found[name] = [*(before if isinstance(before, list) else []), value]
        else:
            found.setdefault(name, value)
    return found


def _listed(body: object) -> list[object] | Refused:
    """The list in its wrapping: ``{"code":200,"data":{"records":[…]}}`` and the like; one order by itself is a list of one."""
    for _ in range(3):
        if not isinstance(body, dict):
            break
        if "number" in (said := fields_of(body)) or "text" in said:
            return [body]
        within = [body[key] for key in body if key.lower().replace("_", "") in _LISTS and isinstance(body[key], dict | list)]
        if not within:
            return [body]
        body = within[0]
    if isinstance(body, Refused | list):
        return body
    return Refused(Refusal.NOT_AN_OBJECT, f"expected work orders, came {type(body).__name__}")


def _rows(payload: bytes, rows_max: int) -> list[object] | Refused:
    text = csv_text(payload)
    if isinstance(text, Refused):
        return text
    head = text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text), delimiter=max(",\t;", key=head.count), strict=False)
    try:
        header = [cell.strip() for cell in next(lines, [])]
        if not {"number", "text"} & fields_of(dict.fromkeys(header, "x")).keys():
            detail = "expected JSON, or CSV whose first line names the columns (工单编号, 诉求内容 …)"
            return Refused(Refusal.MISSING_FIELD, detail)
        rows: list[object] = []
        for row in lines:
            if any(cell.strip() for cell in row):
                rows.append(dict(zip(header, row, strict=False)))
            if len(rows) > rows_max:
                break
    except csv.Error as fault:
        return Refused(Refusal.BAD_BYTES, f"expected CSV, line {lines.line_num} cannot be read: {fault}")
    return rows
