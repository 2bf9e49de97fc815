"""Row 36: a flood begins above 10 alarms in 10 minutes and is over below 5, per operator position, exact to the millisecond."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules.flood import WINDOW_MS, Flood, positions_for
from rules.model import Entity, Event, Fact, PackActivation, Status
from rules.pack import check_pack, read_pack
from rules.primitive import Threshold
from tests.rules.score import T0, Play, event, pack, rule, said, stage
from tests.rules.test_pack import GOOD

LEAK = (stage("yellow", Threshold(above=10)), stage("red", Threshold(above=90)))
RULE = rule("leak", "generic", alarms=LEAK, plan="p")
PLAN = d.Plan(id="p", title=said("plan"), notify_on_alarm=("property",))


def desk(*positions: d.Position, is_restored_each_step: bool = False) -> Play:
    laid = pack(RULE, plans=(PLAN,), parties=("property",), positions=positions)
    return Play(laid, is_restored_each_step=is_restored_each_step)


def floods(play: Play) -> list[Fact]:
    return [fact for fact in play.facts if fact.entity is Entity.POSITION]


def told(play: Play) -> list[str]:
    return [f"{fact.transition} {fact.value:g} @{(fact.at - T0) / 1000:g}" for fact in floods(play)]


def feed(play: Play, instants_s: Sequence[float], **changes: Any) -> None:
    """The same, without a look at what is told."""
    for at_s in instants_s:
        number = len(play.effects)
        play.receive(_event(f"d{number}", f"e{number}", **changes), at_s)


def _event(device: str, name: str, **changes: Any) -> Event:
    return event(device, "generic", 20.0, id=name, zone="b01", **changes)


class TestTheBoundaries:
    """More than 10 in 10 minutes, and fewer than 5: to the millisecond."""

    def test_ten_are_none_and_the_eleventh_begins_it(self) -> None:
        play = desk()
        feed(play, range(10))
        assert told(play) == []
        feed(play, [599.999])
        assert told(play) == ["flood_began 11 @599.999"]

    def test_exactly_ten_minutes_after_the_first_is_one_millisecond_too_late(self) -> None:
        play = desk()
        feed(play, [*range(10), 600])
        assert told(play) == []
        feed(play, [600.999])  # the second of them is still in the window
        assert told(play) == ["flood_began 11 @600.999"]

    def test_it_is_over_when_the_fifth_latest_leaves_the_window(self) -> None:
        play = desk()
        feed(play, range(11))  # at 0 to 10 s: the fifth latest is at 6 s
        play.advance(605.999)
        assert told(play) == ["flood_began 11 @10"]
        play.advance(606)
        assert told(play) == ["flood_began 11 @10", "flood_over 11 @606"]

    def test_one_more_just_before_keeps_it_on_and_exactly_then_does_not(self) -> None:
        lasting = desk()
        feed(lasting, [*range(11), 605.999])
        lasting.advance(606.999)
        assert told(lasting) == ["flood_began 11 @10"]
        lasting.advance(607)
        assert told(lasting)[-1] == "flood_over 12 @607"
        ended = desk()
        feed(ended, [*range(11), 606])
        assert told(ended) == ["flood_began 11 @10", "flood_over 11 @606"]

    def test_after_its_end_it_needs_more_than_ten_again(self) -> None:
        play = desk()
        feed(play, [*range(11), 610])  # at 610 s four of the first ones would still count, if they were kept for it
        assert told(play) == ["flood_began 11 @10", "flood_over 11 @606"]
        feed(play, [610 + second for second in range(1, 11)])
        assert told(play)[-1] == "flood_began 11 @620"


def test_the_fact_says_how_many_how_long_and_the_peak_in_both_languages() -> None:
    play = desk()
    feed(play, [*range(0, 44, 4), *range(300, 330)])
    play.advance(4000)
    began, over = floods(play)
    assert (began.from_state, began.to_state, began.entity_id, began.value) == ("normal", "flood", "c1", 11)
    assert (over.from_state, over.to_state, over.value) == ("flood", "normal", 41)
    assert over.sentence.en == ("the alarm flood is over after 885 s: 41 alarms in all, 41 within 10 min at its peak")
    assert over.sentence.zh == "警报洪泛结束：历时 885 秒，共 41 条报警，10 分钟内最多 41 条"


class TestWhatCounts:
    """Announced alarms only: what a person does not see is no load."""

    def test_a_shelved_alarm_that_flaps_does_not_count(self) -> None:
        play = desk().play("0 | b01/d1 generic=20 | incident opened, alarm opened")
        play.act(1, "li", "shelve", "alarm", reason="workers", for_s=3000)
        for at_s in range(10, 40):
            play.receive(event("d1", "generic", 1.0, id=f"off{at_s}", zone="b01"), at_s)
            play.receive(event("d1", "generic", 20.0, id=f"on{at_s}", zone="b01"), at_s + 0.5)
        assert play.records("alarm")[-1].occurrence_count == 31
        assert told(play) == []

    def test_the_same_alarm_again_and_worse_each_count(self) -> None:
        play = desk()
        play.play("0 | d1 generic=20 | incident opened, alarm opened")
        for at_s in range(1, 10):  # nine times back: ten alarms
            play.receive(_event_of(play, 1.0), at_s)
            play.receive(_event_of(play, 20.0), at_s + 0.5)
        assert told(play) == []
        play.receive(_event_of(play, 95.0), 11)
        assert told(play) == ["flood_began 11 @11"]

    def test_a_drill_is_kept_apart(self) -> None:
        play = desk()
        feed(play, range(11), status=Status.EXERCISE)
        assert told(play) == []

    def test_a_person_who_takes_alarms_off_the_shelf_makes_no_flood(self) -> None:
        play = desk()
        feed(play, range(10))
        play.act(10, "li", "shelve", "alarm", reason="workers", for_s=3000)
        play.act(11, "li", "unshelve", "alarm")
        assert told(play) == []

    def test_alarms_that_come_back_from_the_shelf_by_themselves_count(self) -> None:
        play = desk()
        feed(play, range(10))
        play.act(10, "li", "shelve", "alarm", reason="workers", for_s=60)
        play.advance(70)
        assert told(play) == ["flood_began 11 @70"]


def _event_of(play: Play, value: float) -> Event:
    return event("d1", "generic", value, id=f"n{len(play.effects)}")


class TestPositions:
    """One position per community where the pack names none; each named one is counted by its places and parties."""

    def test_each_counts_its_own_and_the_rest_is_the_communitys(self) -> None:
        north = d.Position(id="north", title=said("north desk"), zones=("b01",))
        play = desk(north)
        feed(play, range(6))
        for at_s in range(6, 12):
            play.receive(_elsewhere(at_s), at_s)
        assert told(play) == []
        feed(play, range(12, 17))
        (began,) = floods(play)
        assert (began.entity_id, began.value) == ("c1/north", 11)
        assert began.sentence.en.startswith("north desk: alarm flood")

    def test_an_alarm_may_be_announced_at_two_positions(self) -> None:
        near = d.Position(id="near", title=said("near"), zones=("b01",))
        party = d.Position(id="party", title=said("party"), parties=("property",))
        other = d.Position(id="other", title=said("other"), parties=("police",))
        play = desk(near, party, other)
        feed(play, range(11))
        assert [fact.entity_id for fact in floods(play)] == ["c1/near", "c1/party"]

    def test_a_place_is_itself_and_what_lies_in_it_but_not_what_begins_alike(self) -> None:
        play = desk()
        feed(play, [0])
        fact = play.last("alarm")
        north = d.Position(id="north", title=said("north"), zones=("b0",))
        assert fact.zone == "b01"
        assert positions_for((north,), fact, ()) == [""]

    def test_a_flood_ends_though_a_new_pack_names_no_such_position(self) -> None:
        play = desk(d.Position(id="north", title=said("north"), zones=("b01",)))
        feed(play, range(11))
        play.packs["next"] = desk().pack  # type: ignore[assignment]  # a pack is there
        play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="next"), 12)
        play.advance(1000)
        assert floods(play)[-1].sentence.en.startswith("the alarm flood is over")


def test_it_outlives_a_restart_at_every_step() -> None:
    whole, broken = desk(), desk(is_restored_each_step=True)
    for play in (whole, broken):
        feed(play, [*range(11), *range(100, 130), 650])
        play.advance(5000)
    assert told(broken) == told(whole) != []
    assert broken.text() == whole.text()


def test_memory_is_bounded_however_many_come() -> None:
    flood = Flood()
    for at in range(0, 3_000_000, 50):
        flood.take(at)
    assert len(flood.recent) == 11
    assert len(flood.seconds) <= 600
    assert flood.peak == WINDOW_MS // 50


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=80))
def test_it_is_what_a_recount_of_the_last_ten_minutes_says(gaps: list[int]) -> None:
    """Brute force: at every alarm and at every instant at which one leaves the window, count again from nothing."""
    instants = [T0 + sum(gaps[: number + 1]) for number in range(len(gaps))]
    play = desk()
    for number, at in enumerate(instants):
        play.receive(_event(f"d{number}", f"e{number}"), (at - T0) / 1000)
    play.advance((instants[-1] - T0) / 1000 + 2000)
    assert [(fact.transition, fact.at) for fact in floods(play)] == _recounted(instants)


def _recounted(instants: list[int]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    is_on = False
    moments = sorted({(at + WINDOW_MS, 0) for at in instants} | {(at, 1) for at in instants})
    for moment, is_alarm in moments:
        upto = [at for at in instants if at < moment or (is_alarm and at == moment)]
        for seen in range(len(upto) - upto.count(moment) + 1, len(upto) + 1) if is_alarm else (len(upto),):
            within = [at for at in upto[:seen] if at > moment - WINDOW_MS]
            if not is_on and is_alarm and len(within) > 10:
                is_on = True
                found.append(("flood_began", moment))
            elif is_on and not is_alarm and len(within) < 5:
                is_on = False
                found.append(("flood_over", moment))
    return found


def _elsewhere(number: int) -> Event:
    return event(f"x{number}", "generic", 20.0, id=f"x{number}", zone="b02/u1")


@pytest.mark.parametrize("count", [0, 3, 11, 20])
def test_a_flood_reads_back_as_it_was_saved(count: int) -> None:
    flood = Flood()
    for at in range(count):
        flood.take(T0 + at)
    assert Flood.load(flood.dump()).dump() == flood.dump()


class TestThePack:
    """Positions are written in the pack, and what is wrong with them is said."""

    def test_positions_are_read(self) -> None:
        laid = read_pack(GOOD.replace("hazards:\n", _POSITIONS, 1))
        assert [(one.id, one.title.en, one.zones, one.parties) for one in laid.positions] == [
            ("north", "North desk", ("b01", "b02"), ()),
            ("guards", "Guards", (), ("property",)),
        ]

    def test_an_unknown_party_is_named_with_its_place(self) -> None:
        (fault,) = check_pack(GOOD.replace("hazards:\n", _POSITIONS.replace("[property]", "[propert]"), 1))
        assert "unknown party 'propert'; did you mean 'property'" in str(fault)


_POSITIONS = """\
positions:
  north: {title: {zh: 北区席, en: North desk}, zones: [b01, b02]}
  guards: {title: {zh: 保安席, en: Guards}, parties: [property]}
hazards:
"""
