"""Work orders of a hotline: JSON and CSV say the same; nothing of the caller is left; ended, changed, standing again."""

from typing import Any

import pytest

from ingest.adapter import Foreign, understand
from ingest.data.work_order import ORDERS_MAX, REMEMBERED_MAX, OrderReader
from ingest.formats import FORMATS
from ingest.route import Push, Route, RouteReader
from rules.model import Event, Network, Rejected
from tests.ingest.reading import RECEIVED_AT, Reader, score

ACCEPTED = "2026-03-02 18:00:00"
ACCEPTED_AT = 1_772_445_600_000
MINUTE = 60_000


def order(**changes: object) -> dict[str, object]:
    return {
        "order_no": "CD20260302000126",
        "appeal_type": "求助",
        "category": "公共安全/火灾隐患",
        "title": "楼道有浓烟",
        "content": "市民张三丰（13812345678）反映2单元楼道有浓烟",
        "address": "翠苑路12号",
        "zone": "b03/u2",
        "urgency": "紧急",
        "caller_name": "张三丰",
        "caller_phone": "13812345678",
        "accepted_at": ACCEPTED,
        "deadline": "2026-03-02 20:00:00",
        "status": "派单",
    } | changes


CHINESE = {
    "工单编号": "CD20260302000126",
    "诉求类型": "求助",
    "诉求分类": "公共安全/火灾隐患",
    "诉求标题": "楼道有浓烟",
    "诉求内容": "市民张三丰（13812345678）反映2单元楼道有浓烟",
    "事发地址": "翠苑路12号",
    "区域路径": "b03/u2",
    "紧急程度": "紧急",
    "诉求人姓名": "张三丰",
    "联系电话": "13812345678",
    "受理时间": "2026/3/2 18:00",
    "办理时限": "2026-03-02 20:00:00",
    "工单状态": "派单",
}
CSV = ",".join(CHINESE) + "\r\n" + ",".join(CHINESE.values()) + "\r\n"


def reader() -> Reader:
    return Reader("work_order")


@pytest.mark.parametrize(
    "body",
    [
        order(),
        [order()],
        CHINESE,
        {"orders": [order()]},
        {"code": 200, "msg": "ok", "data": {"total": 1, "records": [order()]}},
        {"orderNo" if key == "order_no" else key: value for key, value in order().items()},
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("gb18030"),
        CSV.replace(",", "\t").encode("gb18030"),
        CSV.replace(",", ";").replace("CD20260302000126", '"=""CD20260302000126"""').encode(),
    ],
)
def test_every_dress_says_the_same(body: object) -> None:
    event = reader().one(body)
    assert (event.network.value, *score(event), event.occurred_at, event.zone) == (
        "data",
        "alarm",
        "report",
        "on",
        "order.CD20260302000126",
        ACCEPTED_AT,
        "b03/u2",
    )
    assert dict(event.attributes) == {
        "text": "楼道有浓烟: 市民张**（138****5678）反映2单元楼道有浓烟",
        "appeal": "求助",
        "category": "公共安全/火灾隐患",
        "address": "翠苑路12号",
        "urgency": "urgent",
        "deadline": "2026-03-02 20:00:00",
        "order_status": "派单",
        "assumed_timezone": "Asia/Shanghai",
    }


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"content": "李四 138 1234 5678 说着火了", "caller_name": "李四"}, "李** 138****5678 说着火了"),
        ({"content": "回电028-85551234", "caller_phone": "85551234"}, "回电028-****"),
        ({"content": "座机02885551234"}, "座机028****1234"),
        ({"content": "电话8555123着火", "caller_phone": 8555123}, "电话****着火"),
        ({"content": "阿依古丽·买买提说漏气", "联系人": "阿依古丽·买买提"}, "阿**说漏气"),
        ({"content": "Ann Lee sees smoke", "contact": {"name": "Ann Lee", "phone": "13812345678"}}, "A** sees smoke"),
        ({"content": "王女士 a.b@x.com 510107199001011234", "姓名": "王女士"}, "王** a***@x.com 510107********1234"),
        ({"content": "3栋楼道有浓烟着火了", "name": "3栋楼道有浓烟着火了"}, "3栋楼道有浓烟着火了"),  # no name
        ({"content": "王家着火", "name": "王"}, "王家着火"),  # too short to be looked for
    ],
)
def test_nothing_of_the_caller_is_left(changes: dict[str, object], text: str) -> None:
    event = reader().one(order(title=None, **changes))
    assert event.attributes["text"] == text
    told = repr(event)
    assert not [private for private in ("张三丰", "13812345678", "phone", "caller", "contact") if private in told]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"content": None}, {"text": "楼道有浓烟"}),
        ({"content": None, "title": ""}, {"text": "公共安全/火灾隐患"}),
        ({"content": "楼道有浓烟"}, {"text": "楼道有浓烟"}),
        ({"urgency": "特急"}, {"urgency": "emergency"}),
        ({"urgency": "加急"}, {"urgency": "urgent"}),
        ({"urgency": "一般"}, {"urgency": None}),
        ({"urgency": 2}, {"urgency": None}),  # a code of theirs: not guessed
        ({"zone": "三号楼 二单元", "address": None}, {"address": "三号楼 二单元"}),
        ({"lat": "30.67", "lng": 104.06}, {"latitude": 30.67, "longitude": 104.06}),
        ({"attachments": ["ftp://x/1", "https://h.example/1.jpg"]}, {"photo": "https://h.example/1.jpg"}),
        ({"承办单位": "翠苑街道", "办理结果": "已联系13812345678"}, {"agency": "翠苑街道", "order_result": "已联系138****5678"}),
    ],
)
def test_what_each_field_says(changes: dict[str, object], expected: dict[str, Any]) -> None:
    event = reader().one(order(**changes))
    assert {name: event.attributes.get(name) for name in expected} == expected


def test_asking_for_help_is_no_sos_and_an_emergency_call_is() -> None:
    assert [reader().one(order(appeal_type=word)).kind for word in ("求助", "咨询", "紧急求助", "SOS")] == [
        "report",
        "report",
        "sos",
        "sos",
    ]


NOT_OVER = (
    "未按期办结",
    "逾期未办结",
    "未能完成",
    "无法完成",
    "没有办结",
    "申请办结",
    "拟办结",
    "即将办结",
    "办结审核",
    "办结待审核",
    "不予办结",
    "延期答复",
    "待处理完成",
    "驳回退单",
    "拒绝退回",
    "退回申请中",
    "请求撤单",
    "撤单审核中",
    "取消挂起",
    "退单重派",
    "部分办结",
    "Not_Closed",
    "partially-completed",
    "abandoned",
    "undone",
    "uncompleted",
    "to_be_closed",
    "pending-closed",
    "reopened",
)
OVER = (
    "办结待回访",
    "待回访办结",
    "未评价已归档",
    "不予受理，退回",
    "无效退单",
    "已退回",
    "回访完成",
    "order_closed",
    "closed(done)",
    "cancelled",
)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        *(
            (word, "on")
            for word in (
                "受理",
                "派单",
                "处理中",
                "督办",
                "延期",
                "挂起",
                "转办",
                "待办结",
                "退回重办",
                "不满意重开",
                "X9",
                3,
                *NOT_OVER,
            )
        ),
        *(
            (word, "off")
            for word in ("办结", "已办结", "待回访", "未评价", "归档", "撤单", "作废", "退回", "CLOSED", "Completed", *OVER)
        ),
        (None, "on"),
    ],
)
def test_what_ends_an_order(status: object, state: str) -> None:
    assert reader().one(order(status=status)).state == state


def test_a_withdrawn_order_is_over() -> None:
    assert [reader().one(order(**taken)).state for taken in ({"withdrawn": True}, {"是否撤销": "是"}, {"withdrawn": "0"})] == [
        "off",
        "off",
        "on",
    ]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "演练"}, "exercise"),
        ({"exercise": True}, "exercise"),
        ({"是否演练": "是"}, "exercise"),
        ({"status": "测试"}, "test"),
        ({}, "actual"),
    ],
)
def test_an_exercise_is_never_a_real_alarm(changes: dict[str, object], status: str) -> None:
    assert reader().one(order(**changes)).status.value == status


def test_news_is_heard_and_what_only_goes_on_is_the_same_event() -> None:
    route = reader()
    first, again, went_on, worse = (
        route.one(order(**changes))
        for changes in (
            {},
            {},
            {"status": "处理中", "agency": "街道", "result": "已派人", "updated_at": "x"},
            {"urgency": "特急"},
        )
    )
    assert first.id == again.id == went_on.id
    assert worse.id != first.id
    assert {each.device for each in (first, again, went_on, worse)} == {"order.CD20260302000126"}


def test_an_order_that_stands_again_is_heard_again() -> None:
    route = reader()
    steps = ["派单", "办结", "回访", "重办", "处理中", "办结"]
    told = [route.one(order(status=status)) for status in steps]
    assert [event.state for event in told] == ["on", "off", "off", "on", "on", "off"]
    assert [len({event.id for event in told[: index + 1]}) for index in range(6)] == [1, 2, 2, 3, 3, 4]


def test_an_end_of_which_only_the_number_comes_is_where_the_order_was() -> None:
    route = reader()
    route.one(order())
    ended = route.one({"order_no": "CD20260302000126", "status": "办结", "updated_at": "2026-03-02 18:05:00"})
    assert (ended.state, ended.zone, ended.occurred_at) == ("off", "b03/u2", ACCEPTED_AT + 5 * MINUTE)


def test_what_is_remembered_is_bounded() -> None:
    adapter = OrderReader()
    rows = ["工单编号,内容", *(f"{number},灯坏了" for number in range(ORDERS_MAX))]
    for batch in range(REMEMBERED_MAX // ORDERS_MAX + 1):
        payload = "\n".join(rows).replace("\n", f"\n{batch}-").encode()
        adapter(Foreign(topic="", payload=payload, community="jade", network=Network.DATA, received_at=0, arrival="1"))
    assert len(adapter._known) == REMEMBERED_MAX


@pytest.mark.parametrize(
    ("number", "device", "fault"),
    [
        (2026110300012, "order.2026110300012", None),
        (2026110300012.0, "order.2026110300012", None),
        ("'2026110300012", "order.2026110300012", None),
        ("川办〔2026〕1/7 号", "order.%E5%B7%9D%E5%8A%9E%E3%80%942026%E3%80%951%2F7%20%E5%8F%B7", None),
        ("2.02611E+12", None, "2.02611E+12 is what a spreadsheet left of an order number: export that column as text"),
        (None, None, "no order number: it cannot be answered"),
        ("9" * 65, None, "an order number of 65 characters: it cannot be answered"),
    ],
)
def test_a_number_never_costs_the_order(number: object, device: str | None, fault: str | None) -> None:
    event = reader().one(order(order_no=number))
    assert event.attributes.get("order_fault") == fault
    assert event.device == device or (device is None and event.device.startswith("unnumbered.text-"))


def test_the_route_stands_in_the_name_so_that_no_partner_speaks_for_another() -> None:
    def told(route: str) -> str:
        foreign = Foreign(
            topic="",
            payload=b'{"order_no":"7","content":"x"}',
            community="jade",
            network=Network.DATA,
            received_at=RECEIVED_AT,
            arrival="1",
            route=route,
        )
        heard = understand(FORMATS["work_order"].opens(), foreign)
        assert isinstance(heard, list)
        (event,) = heard
        assert isinstance(event, Event)
        return event.device

    assert [told("hotline"), told("property"), told("")] == ["order@hotline.7", "order@property.7", "order.7"]


@pytest.mark.parametrize(
    "payload",
    [
        '[{"order_no":"7","content":"x"},{"caller_name":"张三丰","phone":"13812345678"},"张三丰13812345678"]',
        '{"caller_name":"张三丰","phone":"13812345678"',
        "姓名,电话\n张三丰,13812345678\n",
        "工单编号,内容,姓名,电话\n" + "7,x,张三丰,13812345678\n" * 1001,
        "工单编号,内容,姓名,电话\n" + "7,x,张三丰,13812345678\n" * 50_000,
    ],
)
def test_of_what_is_refused_nothing_is_kept_but_why(payload: str) -> None:
    route = Route(name="hotline", format=FORMATS["work_order"], community="jade", network=Network.DATA, push=Push())
    told = RouteReader(route, lambda: RECEIVED_AT).read("", payload.encode(), arrival="1")
    assert isinstance(told, list)
    refused = [each for each in told if isinstance(each, Rejected)]
    assert refused
    assert {each.excerpt for each in refused} == {b""}
    said = " ".join(each.detail for each in refused)
    assert not [private for private in ("张三丰", ascii("张三丰")[1:-1], "13812345678") if private in said]


def test_one_wrong_order_does_not_cost_the_others() -> None:
    told = reader().told([order(), {"status": "派单"}, 5, {"状态": "办结", "内容": "x"}])
    assert isinstance(told, list)
    assert [getattr(each, "detail", "event")[:17] for each in told] == ["event", "order 1: expected", "order 2: expected"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{", "not_json"),
        ("", "missing_field: expected JSON, or CSV"),
        ("5", "missing_field: expected JSON, or CSV"),
        ("姓名,电话\n张三,138\n", "missing_field: expected JSON, or CSV"),
        ('工单编号,内容\n1,"' + "x" * 140_000, "bad_bytes: expected CSV, line 2"),
        (b"\xff\xff\xff", "not_utf8"),
        ("工单编号,内容\n" + "1,x\n" * (ORDERS_MAX + 1), "too_many"),
        ({"orders": 5}, "missing_field: order 0"),
    ],
)
def test_what_is_no_order_is_refused(body: object, reason: str) -> None:
    assert reader().refusal(body).startswith(reason)


@pytest.mark.parametrize("body", [[], {"data": {"records": []}}, "工单编号,内容\n\n,\n", '[{"内容":"x","状态":"办结"}]'])
def test_nothing_that_stands_is_of_no_concern(body: object) -> None:
    assert reader().ignored(body) == "no work order that stands"
