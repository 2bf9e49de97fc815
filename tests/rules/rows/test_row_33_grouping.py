"""Row 33: messages in groups, wait and interval and repeat, with no lost occurrence and no lost recovery."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules.effects import Notify
from rules.model import PackActivation
from rules.pack import check_pack, read_pack
from rules.primitive import Threshold
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage
from tests.rules.test_pack import GOOD

STAGES = (stage("yellow", Threshold(above=40)), stage("red", Threshold(above=57)))


def desk(*, is_life_safety: bool = False, is_restored_each_step: bool = False, **terms: Any) -> Play:
    plan = d.Plan(id="p", title=said("plan"), notify_on_alarm=("desk",), messages=d.Messages(**terms))
    laid = pack(
        rule("hot", "temperature", alarms=STAGES, plan="p"),
        hazards=(hazard("fire", is_life_safety=is_life_safety),),
        plans=(plan,),
        parties=("desk",),
    )
    return Play(laid, is_restored_each_step=is_restored_each_step)


def warm(play: Play, at_s: float, value: float = 45.0, device: str = "d1") -> None:
    play.receive(event(device, "temperature", value, id=f"e{len(play.effects)}-{at_s}", zone="b01"), at_s)


def cool(play: Play, at_s: float, device: str = "d1") -> None:
    warm(play, at_s, 20.0, device)


def sent(play: Play) -> list[str]:
    return [f"{notice.step} @{(notice.at - T0) / 1000:g}" for notice in play.notifications]


def alarms_in(notice: Notify) -> int:
    """How many alarms this message tells of."""
    counted = re.search(r"^(\d+) more alarms, the latest|: (\d+) more alarms in between|not told before: (\d+)\)", notice.text.en)
    if counted:
        return int(next(part for part in counted.groups() if part))
    return 1 if notice.step.startswith("alarm_") else 0


class TestWait:
    """The first message waits for what comes with it, to the millisecond; life safety never does."""

    def test_without_a_wait_it_is_told_at_once(self) -> None:
        play = desk()
        warm(play, 5)
        assert sent(play) == ["alarm_yellow_1 @5"]

    def test_what_comes_within_the_wait_is_in_the_first_message_with_its_worst_level(self) -> None:
        play = desk(wait_s=30)
        warm(play, 0)
        warm(play, 10, 60, "d2")
        warm(play, 20, 45, "d3")
        play.advance(29.999)
        assert sent(play) == []
        play.advance(30)
        assert sent(play) == ["alarm_red_1 @30"]
        assert alarms_in(play.notifications[0]) == 3

    def test_what_is_over_before_the_wait_has_ended_is_still_told(self) -> None:
        play = desk(wait_s=30)
        warm(play, 0)
        cool(play, 10)
        play.advance(30)
        assert sent(play) == ["recovered_1 @30"]
        assert play.notifications[0].text.en == "fire · b01: 1 more alarms in between, now everything is back to normal"

    def test_life_safety_never_waits(self) -> None:
        play = desk(wait_s=30, is_life_safety=True)
        warm(play, 0)
        assert sent(play) == ["alarm_yellow_1 @0"]


class TestInterval:
    """At most one message in an interval, unless it gets worse."""

    def test_the_next_one_comes_when_the_interval_is_over_and_counts_what_was_in_it(self) -> None:
        play = desk(interval_s=300)
        for at_s in (0, 10, 20, 30):
            warm(play, at_s, device=f"d{at_s}")
        play.advance(299.999)
        assert sent(play) == ["alarm_yellow_1 @0"]
        play.advance(300)
        assert sent(play) == ["alarm_yellow_1 @0", "alarm_yellow_2 @300"]
        assert [alarms_in(notice) for notice in play.notifications] == [1, 3]
        assert play.notifications[1].text.zh.startswith("又有 3 次报警，最近一次：黄色报警：")

    def test_after_the_interval_it_is_told_at_once(self) -> None:
        play = desk(interval_s=300)
        warm(play, 0)
        warm(play, 300, device="d2")
        warm(play, 600.001, device="d3")
        assert sent(play) == ["alarm_yellow_1 @0", "alarm_yellow_2 @300", "alarm_yellow_3 @600.001"]

    def test_worse_is_told_at_once_and_the_same_again_is_not(self) -> None:
        play = desk(interval_s=300)
        warm(play, 0)
        warm(play, 10, 60)
        warm(play, 20, 60, "d2")
        assert sent(play) == ["alarm_yellow_1 @0", "alarm_red_2 @10"]
        play.advance(310)
        assert sent(play)[2:] == ["alarm_red_3 @310"]

    def test_an_interval_of_nothing_tells_everything(self) -> None:
        play = desk(interval_s=0)
        for at_s in range(3):
            warm(play, at_s)
            cool(play, at_s + 0.5)
        assert [step.split(" ")[0] for step in sent(play)] == [
            "alarm_yellow_1", "recovered_2", "alarm_yellow_3", "recovered_4", "alarm_yellow_5", "recovered_6",
        ]  # fmt: skip


class TestRecovery:
    """What the parties were told of, they are told the end of, once."""

    def test_it_is_told_when_the_interval_is_over(self) -> None:
        play = desk(interval_s=300)
        warm(play, 0)
        cool(play, 100)
        play.advance(299.999)
        assert sent(play) == ["alarm_yellow_1 @0"]
        play.advance(5000)
        assert sent(play) == ["alarm_yellow_1 @0", "recovered_2 @300"]
        assert play.notifications[1].text.zh == "fire（中） · b01：全部恢复正常"

    def test_later_than_that_it_is_told_at_once(self) -> None:
        play = desk(interval_s=300)
        warm(play, 0)
        cool(play, 1000)
        assert sent(play) == ["alarm_yellow_1 @0", "recovered_2 @1000"]

    def test_a_plan_may_leave_it_out_but_never_the_alarms_in_between(self) -> None:
        play = desk(interval_s=300, tells_recovery=False)
        warm(play, 0)
        cool(play, 10)
        play.advance(5000)
        assert sent(play) == ["alarm_yellow_1 @0"]
        warm(play, 5001)
        cool(play, 5002)
        warm(play, 5003)
        cool(play, 5004)
        play.advance(9000)
        assert sent(play)[1:] == ["alarm_yellow_2 @5001", "recovered_3 @5301"]

    def test_on_life_safety_nobody_is_left_believing_that_it_is_over(self) -> None:
        calm, deadly = desk(interval_s=300), desk(interval_s=300, is_life_safety=True)
        for play in (calm, deadly):
            warm(play, 0)
            cool(play, 10)
            warm(play, 301)
        assert sent(calm) == ["alarm_yellow_1 @0", "recovered_2 @300"]
        assert sent(deadly) == ["alarm_yellow_1 @0", "recovered_2 @300", "alarm_yellow_3 @301"]


class TestRepeat:
    """The same once more while nobody has acknowledged or set out."""

    def test_it_is_said_again_each_time_the_repeat_has_run(self) -> None:
        play = desk(repeat_s=600)
        warm(play, 0)
        play.advance(599.999)
        assert sent(play) == ["alarm_yellow_1 @0"]
        play.advance(1200)
        assert sent(play)[1:] == ["repeated_2 @600", "repeated_3 @1200"]
        assert play.notifications[1].text.en.startswith("still not acknowledged: ")

    @pytest.mark.parametrize("ends", ["acknowledge", "recover", "close"])
    def test_it_stops_when_somebody_has_it_or_it_is_over(self, ends: str) -> None:
        play = desk(repeat_s=600)
        warm(play, 0)
        if ends == "acknowledge":
            assert play.act(599.999, "li", "acknowledge", "incident").is_accepted
        elif ends == "close":
            assert play.act(599.999, "li", "close", "incident", verdict="false").is_accepted
        else:
            cool(play, 599.999)
        seen = len(sent(play))
        play.advance(9999)
        assert sent(play)[seen:] == []

    def test_who_takes_the_acknowledgement_back_starts_it_again(self) -> None:
        play = desk(repeat_s=600)
        warm(play, 0)
        play.act(10, "li", "acknowledge", "incident")
        play.advance(700)
        play.act(701, "li", "unacknowledge", "incident")
        play.advance(1400)
        assert sent(play)[1:] == ["repeated_2 @701", "repeated_3 @1301"]

    def test_without_one_nothing_is_said_twice(self) -> None:
        play = desk()
        warm(play, 0)
        play.advance(999_999)
        assert sent(play) == ["alarm_yellow_1 @0"]


class TestClose:
    """A close ends the group: whoever does not know the end hears it."""

    def test_the_parties_hear_how_it_ended(self) -> None:
        play = desk()
        warm(play, 0)
        play.act(10, "li", "close", "incident", verdict="false")
        assert sent(play) == ["alarm_yellow_1 @0", "closed_2 @10"]
        assert play.notifications[1].text.en == "fire · b01: li closed it: false alarm"

    def test_with_what_they_were_not_told_before(self) -> None:
        play = desk()
        warm(play, 0)
        warm(play, 1, device="d2")
        warm(play, 2, device="d3")
        play.act(10, "li", "close", "incident", verdict="false")
        assert [alarms_in(notice) for notice in play.notifications] == [1, 2]

    def test_not_once_more_where_they_know(self) -> None:
        play = desk()
        warm(play, 0)
        cool(play, 400)
        play.act(410, "li", "close", "incident", verdict="false")
        assert sent(play) == ["alarm_yellow_1 @0", "recovered_2 @400"]

    def test_nobody_is_told_of_a_case_in_which_nobody_is(self) -> None:
        play = Play(pack(rule("hot", "temperature", alarms=STAGES)))
        warm(play, 0)
        play.act(10, "li", "close", "incident", verdict="false")
        assert sent(play) == []


STEPS = st.lists(st.tuples(st.integers(1, 400_000), st.sampled_from(["d1", "d2"]), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.sampled_from([0.0, 60.0]), st.booleans(), st.booleans())
def test_whatever_flaps_every_alarm_is_in_one_message_and_the_last_state_is_told(
    steps: list[tuple[int, str, bool]], wait_s: float, is_life_safety: bool, is_closed: bool
) -> None:
    terms: dict[str, Any] = {"interval_s": 300, "wait_s": wait_s, "is_life_safety": is_life_safety}
    play, broken = desk(**terms), desk(**terms, is_restored_each_step=True)
    for one in (play, broken):
        at_ms = 0
        for gap, device, is_warm in steps:
            at_ms += gap
            (warm if is_warm else cool)(one, at_ms / 1000, device=device)
        if is_closed and [fact for fact in one.facts if fact.entity == "incident"]:
            one.act(at_ms / 1000 + 1, "li", "close", "incident", verdict="false")
        one.advance(at_ms / 1000 + 2000)
    assert broken.text() == play.text()
    announced = [fact for fact in play.facts if fact.transition in ("opened", "retriggered") and fact.entity == "alarm"]
    assert sum(alarms_in(notice) for notice in play.notifications) == len(announced)
    if play.notifications:
        is_over = play.last("incident").to_state in ("recovered", "closed")
        assert play.notifications[-1].step.startswith(("recovered", "closed")) == is_over
    for before, after in zip(play.notifications, play.notifications[1:], strict=False):
        is_news = after.step.startswith("closed") or (is_life_safety and before.step.startswith("recovered"))
        assert is_news or after.at - before.at >= 300_000
    assert len({notice.key for notice in play.notifications}) == len(play.notifications)


def test_a_running_group_keeps_the_plan_with_which_it_began() -> None:
    play = desk(interval_s=300)
    play.packs["next"] = desk(interval_s=9).pack  # type: ignore[assignment]  # a pack is there
    warm(play, 0)
    play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="next"), 1)
    warm(play, 20, device="d2")
    play.advance(299.999)
    assert sent(play) == ["alarm_yellow_1 @0"]


class TestThePack:
    """The triple is written in the plan; what is wrong with it is said with its place."""

    def test_it_is_read(self) -> None:
        laid = read_pack(
            GOOD.replace("    orders:\n", "    messages: {interval: 2min, repeat: 30min, recovery: false}\n    orders:\n")
        )
        assert laid.plans["go"].messages == d.Messages(interval_s=120, repeat_s=1800, tells_recovery=False)
        assert read_pack(GOOD).plans["go"].messages == d.Messages()

    @pytest.mark.parametrize(
        ("terms", "fault"),
        [
            ("{interval: 10min, repeat: 5min}", "repeat is shorter than interval, 600 s; make it longer"),
            ("{wait: 1s}", "fire is life safety, and its messages never wait"),
        ],
    )
    def test_what_is_wrong_with_it_is_said(self, terms: str, fault: str) -> None:
        found = check_pack(GOOD.replace("    orders:\n", f"    messages: {terms}\n    orders:\n"))
        assert [fault in str(one) for one in found] == [True]
