"""China's warning signals: the grammar of titles, the four colours, given, changed and ended; QWeather, Caiyun and 12379."""

import pytest

from ingest.internet.china_titles import read_title
from rules.model import Status
from tests.ingest.reading import Reader, score

GALE = "海淀区气象台.大风"
OPENED_AT = 1_640_733_900_000  # 2021-12-29 07:25 in Beijing


def reader() -> Reader:
    return Reader("china_weather")


@pytest.mark.parametrize(
    ("title", "office", "signals"),
    [
        ("海淀区气象台发布大风蓝色预警[IV/一般]", "海淀区气象台", [("大风", "blue", True)]),
        ("三明市气象台 2020 年 04 月 21 日 12 时 19 分继续发布雷电黄色预警信号", "三明市气象台", [("雷电", "yellow", True)]),
        ("临桂区气象台24日11时19分继续发布大风蓝色预警信号：预计未来24小时内", "临桂区气象台", [("大风", "blue", True)]),
        ("临桂区气象台更新大风蓝色预警信号", "临桂区气象台", [("大风", "blue", True)]),
        ("成都市气象台变更暴雨橙色预警信号为红色预警信号", "成都市气象台", [("暴雨", "red", True)]),
        ("成都市气象台将暴雨橙色预警信号调整为暴雨黄色预警信号", "成都市气象台", [("暴雨", "yellow", True)]),
        ("成都市气象台将暴雨橙色预警信号降级为黄色", "成都市气象台", [("暴雨", "yellow", True)]),
        ("高温黄色预警信号更新为高温橙色预警信号", "", [("高温", "orange", True)]),
        ("上海中心气象台发布高温橙色预警[Ⅱ级/严重]", "上海中心气象台", [("高温", "orange", True)]),
        ("省自然资源厅和省气象局联合发布地质灾害气象风险红色预警", "省自然资源厅和省气象台", [("地质灾害气象风险", "red", True)]),
        ("吴起县气象局解除霜冻蓝色预警[IV级/一般]", "吴起县气象台", [("霜冻", "blue", False)]),
        ("深圳市气象台取消雷电预警信号", "深圳市气象台", [("雷电", "", False)]),
        (
            "成都市气象台解除暴雨黄色预警信号，发布大风蓝色预警信号",
            "成都市气象台",
            [("暴雨", "yellow", False), ("大风", "blue", True)],
        ),
        ("广州市气象台发布台风白色预警信号", "广州市气象台", [("台风", "", True)]),
        ("雷雨大风黄色预警", "", [("雷雨大风", "yellow", True)]),
        ("成都市气象局暴雨橙色预警信号", "成都市气象台", [("暴雨", "orange", True)]),
        ("成都市气象台暴雨橙色预警信号解除", "成都市气象台", [("暴雨", "orange", False)]),
        ("暴雨橙色预警已解除。", "", [("暴雨", "orange", False)]),
        (
            "成都市气象台发布暴雨橙色预警信号，请注意防范，预警信号解除时间另行通知",
            "成都市气象台",
            [("暴雨", "orange", True)],
        ),
        ("今日天气晴", "", []),
        ("", "", []),
    ],
)
def test_the_grammar_of_titles(title: str, office: str, signals: list[tuple[str, str, bool]]) -> None:
    told = read_title(title)
    assert (told.office, [(each.danger, each.level, each.is_on) for each in told.signals]) == (office, signals)


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("【演练】成都市气象台发布暴雨红色预警信号", Status.EXERCISE),
        ("成都市气象台发布暴雨红色预警信号（防汛演习）", Status.EXERCISE),
        ("【测试】成都市气象台发布暴雨红色预警信号", Status.TEST),
        ("成都市气象台发布暴雨红色预警信号", Status.ACTUAL),
    ],
)
def test_an_exercise_says_so(title: str, status: Status) -> None:
    event = reader().one(title)
    assert (event.kind, event.state, event.status) == ("warning_signal", "on", status)


def test_a_title_that_is_long_and_bad_costs_nothing() -> None:
    assert read_title("预" * 100_000).signals == ()
    assert read_title("将发布" * 100_000).signals == ()
    assert len(read_title("暴雨红色" * 100_000).signals) == 1


def test_a_bare_title_in_the_encoding_of_old_systems() -> None:
    event = reader().one("海淀区气象台发布大风蓝色预警".encode("gb18030"))
    assert score(event) == ("alarm", "warning_signal", "on", GALE)


@pytest.mark.parametrize("wrap", ["result", "list", "one"])
def test_caiyun_s_own_sample_in_each_of_its_wrappings(wrap: str) -> None:
    alert = {
        "province": "北京市",
        "status": "预警中",
        "code": "0501",
        "description": "海淀区气象台29日07时25分发布大风蓝色预警,预计,当前至29日16时,海淀区将有3、4级偏北风。",
        "pubtimestamp": 1_640_733_900,
        "latlon": [39.959912, 116.298056],
        "alertId": "11010841600000_20211229072633",
        "title": "海淀区气象台发布大风蓝色预警[IV/一般]",
        "adcode": "110108",
    }
    body = {
        "result": {"status": "ok", "alert": {"status": "ok", "content": [alert]}},
        "list": {"content": [alert]},
        "one": alert,
    }[wrap]
    event = reader().one(body)
    assert (event.network.value, *score(event), event.occurred_at) == (
        "internet",
        "alarm",
        "warning_signal",
        "on",
        GALE,
        OPENED_AT,
    )
    expected = {"level": "blue", "type": "gale", "region": "110108", "latitude": 39.959912, "longitude": 116.298056}
    assert {name: event.attributes[name] for name in expected} == expected


def test_caiyun_s_second_and_third_forms() -> None:
    ended = {
        "alert": {
            "status": "预警解除",
            "code": "1101",
            "published_time": "2018-10-24T14:27:00+08:00",
            "title": "吴起县气象局发布霜冻蓝色预警[IV级/一般]",
            "expired_time": "2018-10-25T14:27:00+08:00",
        }
    }
    event = reader().one(ended)
    assert (*score(event), event.occurred_at) == ("alarm", "warning_signal", "off", "吴起县气象台.霜冻", 1_540_362_420_000)
    third = {
        "alerts": [
            {
                "id": "ALERT_CN_31000041600000_20250811152835",
                "area_code": "310000",
                "publish_time": 1_754_896_800,
                "data": [
                    {"language_code": "en", "title": "Lightning"},
                    {"language_code": "zh-CN", "title": "上海中心气象台发布雷电黄色预警[Ⅲ级/较重]", "level": "yellow"},
                ],
            }
        ]
    }
    event = reader().one(third)
    assert (event.device, event.attributes["type"], event.attributes["level"]) == ("上海中心气象台.雷电", "lightning", "yellow")
    assert event.occurred_at == 1_754_896_800_000
    assert "names an address" in reader().ignored({"event": "ALERT_OFF", "alert_id": "65230141600000_20181030180824"})


def test_qweather_s_own_samples() -> None:
    alert = {
        "id": "202510241119105837988676",
        "senderName": "临桂区气象台",
        "issuedTime": "2025-10-24T11:19+08:00",
        "messageType": {"code": "update", "supersedes": ["202510181140100706230391"]},
        "eventType": {"name": "大风", "code": "1006"},
        "severity": "minor",
        "color": {"code": "blue", "red": 30},
        "expireTime": "2025-10-25T11:19+08:00",
        "headline": "临桂区气象台更新大风蓝色预警信号",
    }
    event = reader().one({"metadata": {"zeroResult": False}, "alerts": [alert]})
    assert (event.device, event.state, event.occurred_at) == ("临桂区气象台.大风", "on", 1_761_275_940_000)
    assert (event.attributes["level"], event.attributes["expires_at"]) == ("blue", 1_761_362_340_000.0)
    over = reader().one(alert | {"messageType": {"code": "cancel"}})
    assert (over.device, over.state, "expires_at" in over.attributes) == ("临桂区气象台.大风", "off", False)
    first_form = {"senderName": "惠东县气象台", "msgType": "Update", "event": "暴雨", "severity": "Moderate", "headline": "Rain"}
    event = reader().one({"alerts": [first_form]})
    assert (event.device, event.attributes["level"]) == ("惠东县气象台.暴雨", "yellow")
    old = {
        "sender": "上海中心气象台",
        "pubTime": "2023-04-03T10:30+08:00",
        "title": "",
        "typeName": "雷电",
        "severityColor": "Red",
    }
    event = reader().one({"code": "200", "warning": [old]})
    assert (event.device, event.attributes["level"], event.attributes["type"]) == ("上海中心气象台.雷电", "red", "lightning")
    assert "no warning" in reader().ignored({"metadata": {"zeroResult": True}, "alerts": []})


def test_a_12379_message_is_dated_by_its_identifier() -> None:
    event = reader().one({"identifier": "11010841600000_20211229072633_2", "headline": "海淀区气象台发布大风蓝色预警"})
    assert (event.occurred_at, event.attributes["region"]) == (1_640_733_993_000, "110108")
    plain = reader().one(
        {"headline": "发布大风蓝色预警", "identifier": "11010841600000_x", "effective": "2021-12-29 07:26:33+08:00"}
    )
    assert (plain.device, plain.occurred_at) == ("110108.大风", 1_640_733_993_000)


def test_the_level_may_stand_in_the_text_alone() -> None:
    event = reader().one({"title": "天气提醒", "description": "成都市气象台将暴雨橙色预警信号调整为暴雨黄色"})
    assert (event.device, event.attributes["level"]) == ("成都市气象台.暴雨", "yellow")
    by_code = reader().one({"title": "提醒", "code": "0204", "adcode": "510100"})
    assert (by_code.device, by_code.attributes["level"]) == ("510100.暴雨", "red")


def life(route: Reader, *titles: str) -> list[list[tuple[str | None, object]]]:
    return [[(event.state, event.attributes.get("level")) for event in route.events(title)] for title in titles]


def test_a_signal_from_its_first_colour_to_its_end() -> None:
    titles = [
        f"成都市气象台{verb}预警信号"
        for verb in ("发布暴雨黄色", "继续发布暴雨黄色", "变更发布暴雨橙色", "解除暴雨橙色", "发布暴雨黄色")
    ]
    assert life(reader(), *titles) == [
        [("on", "yellow")],
        [("on", "yellow")],
        [("off", None), ("on", "orange")],
        [("off", "orange")],
        [("on", "yellow")],
    ]


def test_a_service_that_is_asked_again_changes_nothing() -> None:
    route = reader()
    yellow = {"title": "成都市气象台发布暴雨黄色预警", "pubtimestamp": 1_772_445_600}
    orange = {"title": "成都市气象台发布暴雨橙色预警", "pubtimestamp": 1_772_449_200}
    first = route.events({"content": [orange, yellow]})
    assert [(event.state, event.attributes.get("level")) for event in first] == [
        ("on", "yellow"),
        ("off", None),
        ("on", "orange"),
    ]
    again = route.events({"content": [orange, yellow]})
    assert {event.id for event in again} < {event.id for event in first}
    assert [event.state for event in again] == ["on", "on"]


def test_an_exercise_moves_no_real_signal() -> None:
    route = reader()
    assert life(route, "成都市气象台发布暴雨黄色预警", "【演练】成都市气象台发布暴雨红色预警", "成都市气象台发布暴雨橙色预警")[
        2
    ] == [
        ("off", None),
        ("on", "orange"),
    ]


def test_signals_of_two_dangers_and_two_offices_are_two() -> None:
    titles = ["成都市气象台发布暴雨黄色预警", "成都市气象台发布大风蓝色预警", "四川省气象台发布暴雨橙色预警"]
    route = reader()
    assert len({route.one(title).device for title in titles}) == 3


@pytest.mark.parametrize(
    ("body", "reason"),
    [("今日天气晴", "wrong_word"), ({"title": "x"}, "wrong_word"), ([1], "not_an_object"), (b"", "empty"), (b"{", "not_json")],
)
def test_what_is_no_signal_is_refused_with_what_was_expected(body: object, reason: str) -> None:
    assert reader().refusal(body).startswith(reason)


@pytest.mark.parametrize(
    ("word", "status"), [("Actual", Status.ACTUAL), ("Exercise", Status.EXERCISE), ("Test", Status.TEST), ("测试", Status.TEST)]
)
def test_the_status_beside_a_title_makes_it_an_exercise(word: str, status: Status) -> None:
    event = reader().one({"headline": "成都市气象台发布暴雨红色预警信号", "identifier": "x", "status": word})
    assert (event.state, event.status) == ("on", status)


def test_a_title_without_a_time_is_heard_again_when_the_storm_comes_back() -> None:
    route = reader()
    given, ended = "成都市气象台发布暴雨橙色预警信号", "成都市气象台解除暴雨橙色预警信号"
    told = [route.one(title) for title in (given, ended, given, ended)]
    assert [each.state for each in told] == ["on", "off", "on", "off"]
    assert len({each.id for each in told}) == 4
    told = route.events("成都市气象台发布暴雨橙色预警信号") + route.events("成都市气象台发布暴雨红色预警信号")
    assert [(each.state, each.attributes.get("level")) for each in told] == [("on", "orange"), ("off", None), ("on", "red")]
    assert len({each.id for each in told}) == 3
