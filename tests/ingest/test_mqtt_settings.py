"""The MQTT settings are judged as a whole, and say what was expected."""

import pytest

from ingest.mqtt_notice import NoticeKind, sentence_for
from ingest.mqtt_settings import MqttSettings
from ingest.topics import Lane


def test_all_faults_come_at_once() -> None:
    with pytest.raises(ValueError, match="host is empty") as caught:
        MqttSettings(host="", port=0, client_id="", password="p", keepalive_s=0, unacknowledged_max=0, burst_max=0)
    for fault in (
        "port is 0",
        "client_id is empty",
        "without a username",
        "keepalive_s is 0",
        "unacknowledged_max is 0",
        "burst_max",
    ):
        assert fault in str(caught.value)


def test_a_password_is_not_shown() -> None:
    assert "hunter2" not in repr(MqttSettings(host="broker", username="desk", password="hunter2"))


def test_each_lane_has_its_own_session_and_topics() -> None:
    which = MqttSettings(host="broker", client_id="desk-1", topic_prefix="p")
    assert {lane: which.filters(lane) for lane in Lane} == {
        Lane.CRITICAL: ["p/+/+/alarm/+"],
        Lane.NORMAL: ["p/+/+/state/+"],
        Lane.BULK: ["p/#"],
    }
    assert [which.lane_client_id(lane) for lane in Lane] == ["desk-1-critical", "desk-1-normal", "desk-1-bulk"]


@pytest.mark.parametrize("kind", list(NoticeKind))
@pytest.mark.parametrize("code", [0, 132, 133, 134, 135, 136, 139, 141, 142, 149, 255])
def test_every_happening_has_a_sentence_in_both_languages(kind: NoticeKind, code: int) -> None:
    sentence = sentence_for(kind, code)
    assert sentence.en.isascii()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence.zh)
