"""MQTT topic filters: which are taken for a foreign route, and which topics each lets through."""

import pytest

from ingest.topic_filters import fault_of_filter, lets_through


@pytest.mark.parametrize(
    "good", ["zigbee2mqtt/#", "tele/+/SENSOR", "+/events/rpc", "v3/+/devices/+/up", "shouwang/v2/#", "a b/ü", "shouwang"]
)
def test_these_filters_are_taken(good: str) -> None:
    assert fault_of_filter(good) == ""


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("", "1 to 1024"),
        ("a\0", "U+0000"),
        ("x" * 1025, "1 to 1024"),
        ("$SYS/#", "broker's own"),
        ("$share/g/a", "broker's own"),
        ("a/b+/c", "a whole level"),
        ("a/b#", "at the end only"),
        ("a/#/b", "at the end only"),
        ("#", "shouwang/v1/"),
        ("+/#", "shouwang/v1/"),
        ("+/+/+", "shouwang/v1/"),
        ("shouwang/#", "shouwang/v1/"),
        ("shouwang/v1/jade/iot/alarm/s-1", "shouwang/v1/"),
        ("+/v1/#", "shouwang/v1/"),
    ],
)
def test_a_filter_that_will_not_do_is_told_why(bad: str, says: str) -> None:
    assert says in fault_of_filter(bad)


@pytest.mark.parametrize(
    ("topic_filter", "topic", "lets"),
    [
        ("a/b", "a/b", True),
        ("a/b", "a/b/c", False),
        ("a/+", "a/b", True),
        ("a/+", "a", False),
        ("a/+", "a/", True),
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/b/d", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/#", "ab", False),
        ("#", "a/b", True),
        ("+/b", "/b", True),
        ("#", "$SYS/a", False),
        ("+/a", "$SYS/a", False),
    ],
)
def test_a_filter_lets_through_what_it_names(topic_filter: str, topic: str, lets: bool) -> None:
    assert lets_through(topic_filter, topic) is lets
