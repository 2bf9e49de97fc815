"""Which message is told again and which is a second one, when neither brings an identity."""

from ingest import mqtt_names
from ingest.mqtt_names import Names

ON, OFF = b'{"smoke":true}', b'{"smoke":false}'


class Wire:
    """A session: its connections, and its messages with the names that they get."""

    def __init__(self) -> None:
        self.names = Names("t")
        self.generation, self.number = 1, 0

    def came(self, packet_id: int, payload: bytes = ON, *, topic: str = "hall", dup: bool = False) -> str:
        self.number += 1
        return self.names.of(packet_id, self.generation, self.number, topic, payload, is_repeated=dup)

    def breaks(self, *unacknowledged: int) -> None:
        self.names.remember(unacknowledged)
        self.generation, self.number = self.generation + 1, 0


def test_said_to_be_repeated_it_is_known_under_any_packet_id() -> None:
    wire = Wire()
    first, second = wire.came(7), wire.came(8, OFF)
    wire.breaks(7, 8)
    assert [wire.came(1, OFF, dup=True), wire.came(2, dup=True)] == [second, first]


def test_a_packet_id_that_now_says_something_else_gives_no_name_away() -> None:
    wire = Wire()
    first, second = wire.came(1), wire.came(2, OFF)
    wire.breaks(1, 2)
    assert wire.came(1, OFF, dup=True) == second
    assert wire.came(2, b"other", dup=True) not in {first, second}
    assert wire.came(3, dup=True) == first


def test_of_equal_messages_as_many_are_repeated_as_were_owed() -> None:
    wire = Wire()
    told = [wire.came(1), wire.came(2)]
    wire.breaks(1, 2)
    again = [wire.came(2, dup=True), wire.came(1, dup=True), wire.came(3, dup=True)]
    assert again[:2] == told[::-1]  # by their packet ids
    assert again[2] not in told


def test_what_was_acknowledged_is_news_in_whatever_bytes() -> None:
    wire = Wire()
    first = wire.came(1)
    wire.breaks()
    assert first not in {wire.came(1, dup=True), wire.came(2), wire.came(1)}


def test_without_dup_what_is_owed_next_on_its_topic_is_known() -> None:
    """nats-server after a crash: the session is there, the packet ids are others, and it has forgotten that it told them."""
    wire = Wire()
    told = [wire.came(5), wire.came(6, topic="cellar"), wire.came(7, OFF)]
    wire.breaks(5, 6, 7)
    assert [wire.came(1, topic="cellar"), wire.came(2), wire.came(3, OFF)] == [told[1], told[0], told[2]]
    assert wire.came(4, OFF) not in told


def test_a_second_fire_in_the_same_bytes_is_a_second_one_before_and_after_the_first_is_told_again() -> None:
    wire = Wire()
    first = wire.came(5)
    wire.breaks(5)
    assert sum(wire.came(number) == first for number in range(1, 4)) == 1


def test_anything_else_on_the_topic_ends_the_waiting() -> None:
    """It was owed before this, so it will not come any more: the same bytes after it are a second fire."""
    wire = Wire()
    first = wire.came(5)
    wire.breaks(5)
    wire.came(1, OFF)
    assert wire.came(2) != first
    assert wire.came(3, dup=True) == first


def test_nothing_is_known_without_dup_in_another_session_or_much_later() -> None:
    wire = Wire()
    first = wire.came(5)
    wire.breaks(5)
    wire.names.settle()
    assert wire.came(1) != first
    wire.names.forget()
    assert wire.came(2, dup=True) != first
    assert wire.came(5, dup=True) != first


def test_told_again_and_again_it_keeps_its_first_name() -> None:
    wire = Wire()
    first = wire.came(5)
    for packet_id in (1, 2, 3):
        wire.breaks(5 if packet_id == 1 else packet_id - 1)
        assert wire.came(packet_id, dup=packet_id == 2) == first


def test_what_is_owed_is_bounded() -> None:
    wire = Wire()
    mqtt_names_max, count = mqtt_names.OWED_MAX, 3
    for _ in range(count):
        for packet_id in range(1, mqtt_names_max // 2):
            wire.came(packet_id, b"%d/%d" % (wire.generation, packet_id))
        wire.breaks(*range(1, mqtt_names_max // 2))
    assert wire.came(1, b"1/1", dup=True) == "t/4/1"
    assert wire.came(1, b"3/1", dup=True) == "t/3/1"
