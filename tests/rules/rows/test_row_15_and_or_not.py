"""Row 15: AND, OR and NOT over several kinds, with explicit meaning for what was never heard and for what is too old."""

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules import primitive as p
from rules.combination import DEVICES_MAX, CombinationSignal, reasons_of, value_of
from rules.model import Reason, Resumed
from rules.pack import check_pack, read_pack
from rules.terms import All, AnyOf, Combination, Formula, Not, Term, Unavailable, terms_of
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

Truth = bool | None
TRUTHS: tuple[Truth, ...] = (True, False, None)
HOT = Term(kind="temperature", test=p.Threshold(above=50, deadband=5), good_for_s=60)
OPEN = Term(kind="opening", test=p.StateIs(states=("open",)))
MOVED = Term(kind="motion", test=p.StateIs(states=("on",)))
SEEN = Term(kind="loitering", test=p.StateIs(states=("on",)), good_for_s=60, is_sighting=True)
BOTH = All(of=(HOT, OPEN))


def playing(of: Formula, unavailable: str = "hold", on: float = 0, off: float = 0, **changes: Any) -> Play:
    test = Combination(of=of, unavailable=Unavailable(unavailable))
    values: dict[str, Any] = {"key": d.Key.ZONE, "alarms": (stage("red", test, on, off),)}
    found = rule("r", "temperature opening motion loitering", **(values | changes))
    return Play(pack(found, hazards=(hazard("fire", gather_within_s=9_999),)))


class TestTruth:
    """Kleene: an unknown is a true or an untrue that we do not know. What holds for both is known."""

    def worlds(self, truths: tuple[Truth, ...]) -> Iterator[tuple[bool, ...]]:
        yield from product(*[(True, False) if truth is None else (truth,) for truth in truths])

    @pytest.mark.parametrize("truths", list(product(TRUTHS, repeat=3)))
    def test_every_row_of_the_table(self, truths: tuple[Truth, ...]) -> None:
        """Each term stands once in these formulas, so the oracle over all worlds is exact."""
        one, two, three = HOT, OPEN, MOVED
        formulas: list[tuple[Formula, Any]] = [
            (All(of=(one, two, three)), lambda a, b, c: a and b and c),
            (AnyOf(of=(one, two, three)), lambda a, b, c: a or b or c),
            (All(of=(one, Not(of=two), three)), lambda a, b, c: a and not b and c),
            (AnyOf(of=(one, All(of=(two, Not(of=three))))), lambda a, b, c: a or (b and not c)),
            (Not(of=AnyOf(of=(one, Not(of=All(of=(two, three)))))), lambda a, b, c: not (a or not (b and c))),
            (All(of=(AnyOf(of=(one, two)), Not(of=Not(of=three)))), lambda a, b, c: (a or b) and c),
        ]
        for formula, meaning in formulas:
            found = {bool(meaning(*world)) for world in self.worlds(truths)}
            wanted = found.pop() if len(found) == 1 else None
            assert value_of(formula, iter(truths)) is wanted

    def test_the_terms_stand_from_left_to_right(self) -> None:
        assert terms_of(AnyOf(of=(All(of=(HOT, Not(of=OPEN))), MOVED))) == (HOT, OPEN, MOVED)

    @pytest.mark.parametrize(
        ("formula", "truths", "reasons"),
        [
            (All(of=(HOT, OPEN)), {HOT: True, OPEN: True}, (HOT, OPEN)),
            (All(of=(HOT, OPEN)), {HOT: True, OPEN: False}, (OPEN,)),
            (AnyOf(of=(HOT, OPEN)), {HOT: True, OPEN: False}, (HOT,)),
            (AnyOf(of=(HOT, OPEN)), {HOT: False, OPEN: False}, (HOT, OPEN)),
            (Not(of=AnyOf(of=(HOT, OPEN))), {HOT: False, OPEN: False}, (HOT, OPEN)),
            (AnyOf(of=(MOVED, All(of=(HOT, Not(of=OPEN))))), {MOVED: None, HOT: True, OPEN: False}, (HOT, OPEN)),
        ],
    )
    def test_a_value_rests_on_what_decides_it(
        self, formula: Formula, truths: dict[Term, Truth], reasons: tuple[Term, ...]
    ) -> None:
        assert reasons_of(formula, truths.__getitem__) == reasons


class TestUnavailable:
    """Unknown never ends what is on, whatever the pack says; it differs in what begins, and in the delays."""

    @pytest.mark.parametrize("unavailable", ["hold", "untrue"])
    def test_what_was_never_heard_begins_nothing(self, unavailable: str) -> None:
        playing(BOTH, unavailable).play("""
            0 | z/t temperature=60 |
            1 | z/t temperature=   |
            2 | z/d opening:open   | incident opened, alarm opened
        """)

    def test_unless_the_pack_takes_it_for_true(self) -> None:
        play = playing(BOTH, "true").play("""
            0 | z/t temperature=60 | incident opened, alarm opened
            1 | z/d opening:closed | alarm cleared, incident recovered
        """)
        assert [item.kind for item in play.records("alarm")[0].evidence] == ["temperature"]

    def test_of_nothing_nothing_begins(self) -> None:
        play = playing(AnyOf(of=(HOT, OPEN)), "true", warnings=(stage("blue", Combination(of=Not(of=MOVED))),))
        play.play("0 | z/m motion:off | incident opened, warning opened\n1 | z/m motion:on | warning cancelled, incident closed")

    @pytest.mark.parametrize("unavailable", ["hold", "untrue", "true"])
    def test_no_data_is_no_recovery(self, unavailable: str) -> None:
        """Good until 60, unknown from 60.001 on; the alarm stays until something is known to be untrue."""
        playing(BOTH, unavailable, off=5).play(
            """
            0      | z/t temperature=60 | {}
            0      | z/d opening:open   | {}
            61     | z/t temperature=   |
            9999   |                    |
            10000  | z/t temperature=20 |
            10005  |                    | alarm cleared, incident recovered
        """.format(*(("incident opened, alarm opened", "") if unavailable == "true" else ("", "incident opened, alarm opened")))
        )

    def test_held_a_delay_stands_still_and_goes_on(self) -> None:
        """60.001 to 100 is unknown: 39.999 s that do not count."""
        playing(BOTH, "hold", on=80).play("""
            0       | z/d opening:open   |
            0       | z/t temperature=60 |
            100     | z/t temperature=60 |
            119.998 |                    |
            119.999 |                    | incident opened, alarm opened
        """)

    def test_untrue_an_on_delay_begins_anew(self) -> None:
        playing(BOTH, "untrue", on=80).play("""
            0       | z/d opening:open   |
            0       | z/t temperature=60 |
            100     | z/t temperature=60 |
            150     | z/t temperature=60 |
            179.999 |                    |
            180     |                    | incident opened, alarm opened
        """)

    def test_true_an_on_delay_goes_on(self) -> None:
        playing(BOTH, "true", on=80).play("""
            0      | z/d opening:open   |
            1      | z/t temperature=60 |
            79.999 |                    |
            80     |                    | incident opened, alarm opened
        """)

    def test_the_instant_itself_is_still_good(self) -> None:
        for delay_s, facts in ((60, "incident opened, alarm opened"), (60.001, "")):
            playing(BOTH, "untrue", on=delay_s).play(f"""
                0         | z/d opening:open   |
                0         | z/t temperature=60 |
                {delay_s} |                    | {facts}
            """)

    @pytest.mark.parametrize("unavailable", ["hold", "untrue"])
    def test_an_off_delay_stands_still(self, unavailable: str) -> None:
        playing(BOTH, unavailable, off=80).play("""
            0       | z/d opening:open   |
            0       | z/t temperature=60 | incident opened, alarm opened
            10      | z/t temperature=20 |
            100     | z/t temperature=20 |
            119.998 |                    |
            119.999 |                    | alarm cleared, incident recovered
        """)

    def test_an_off_delay_is_broken_off_where_unknown_is_true(self) -> None:
        playing(BOTH, "true", off=80).play("""
            0   | z/t temperature=60 | incident opened, alarm opened
            0   | z/d opening:open   |
            10  | z/t temperature=20 |
            200 |                    |
            201 | z/d opening:closed |
            281 |                    | alarm cleared, incident recovered
        """)

    def test_a_sighting_past_its_time_is_over_and_not_unknown(self) -> None:
        playing(All(of=(SEEN, OPEN))).play("""
            0      | z/d opening:open    |
            1      | z/c loitering!on    | incident opened, alarm opened
            2      | z/c loitering!on    | alarm repeated
            62     |                     |
            62.001 |                     | alarm cleared, incident recovered
        """)


class TestDevices:
    def test_a_term_is_true_while_one_device_says_so(self) -> None:
        playing(All(of=(HOT, Not(of=OPEN)))).play("""
            0 | z/d1 opening:closed  |
            1 | z/d2 opening:open    |
            2 | z/t1 temperature=60  |
            3 | z/t2 temperature=20  |
            4 | z/d2 opening:closed  | incident opened, alarm opened
            5 | z/t1 temperature=46  |
            6 | z/d1 opening:open    | alarm cleared, incident recovered
        """)

    def test_the_unknown_of_one_device_leaves_it_open(self) -> None:
        playing(Not(of=HOT)).play("""
            0  | z/t1 temperature=60 |
            1  | z/t2 temperature=20 |
            50 | z/t2 temperature=20 |
            90 | z/t2 temperature=20 |
            91 | z/t1 temperature=20 | incident opened, alarm opened
        """)

    def test_the_one_heard_longest_ago_is_forgotten_when_there_are_too_many(self) -> None:
        play = playing(Not(of=OPEN)).play("0 | z/first opening:open |\n0 | z/second opening:open |\n0 | z/first opening:open |")
        for number in range(DEVICES_MAX):
            play.receive(event(f"d{number}", "opening", "closed", id=f"e{number}", zone="z"), 1)
        assert [fact.transition for fact in play.facts] == ["opened", "opened"]

    def test_what_is_known_of_one_zone_says_nothing_of_another(self) -> None:
        playing(BOTH).play("0 | z1/t temperature=60 |\n1 | z2/d opening:open |")

    def test_only_in_armed_hours_does_it_begin_and_at_any_hour_it_ends(self) -> None:
        hours = d.Hours(start_minute=8 * 60, end_minute=8 * 60 + 1)
        playing(BOTH, hours=hours).play("""
            0   | z/d opening:open    |
            59  | z/t temperature=60  | incident opened, alarm opened
            61  | z/d opening:closed  | alarm cleared, incident recovered
            62  | z/d opening:open    |
        """)
        playing(BOTH, on=30, hours=hours).play("""
            0   | z/d opening:open    |
            50  | z/t temperature=60  |
            70  | z/t temperature=60  |
            999 |                     |
        """)

    def test_what_is_neither_true_nor_known_costs_no_memory(self) -> None:
        play = playing(BOTH).play("0 | z/t temperature=20 |")
        assert play.engine.counts["rule.r.watches"] == 1
        play.play("61 | |")
        assert play.engine.counts["rule.r.watches"] == 0


class TestStory:
    def test_the_evidence_holds_what_it_rests_on_and_the_sentence_says_it(self) -> None:
        play = playing(AnyOf(of=(MOVED, All(of=(HOT, Not(of=OPEN)))))).play("""
            0 | z/m motion:off     |
            1 | z/d opening:closed |
            2 | z/t temperature=61 | incident opened, alarm opened
        """)
        alarm = play.records("alarm")[-1]
        assert [(item.kind, item.test) for item in alarm.evidence] == [("opening", "is"), ("temperature", "above")]
        assert play.last("alarm").reason is Reason.COMBINATION_TRUE
        assert alarm.sentence.zh == "r（中）：z：设备 d：门窗为“关闭”；设备 t：温度 61 °C，达到或高于限值 50 °C"
        assert (
            alarm.sentence.en
            == "r: z: device d: opening is “closed”; device t: temperature 61 °C, at or above the limit of 50 °C"
        )

    def test_a_person_who_closes_the_case_leaves_the_world_as_it_is(self) -> None:
        play = playing(All(of=(SEEN, OPEN))).play("""
            0 | z/d opening:open    |
            1 | z/c loitering!on    | incident opened, alarm opened
            2 | li acknowledge alarm | alarm acknowledged, incident acknowledged
            3 | li reset alarm      | alarm reset, incident recovered
            4 | z/c loitering!on    | incident reopened, alarm opened
        """)
        assert len(play.records("alarm")) > 1

    def test_our_own_deafness_is_no_part_of_a_delay_and_ages_what_we_know(self) -> None:
        play = playing(All(of=(MOVED, OPEN)), on=80).play("0 | z/m motion:on |\n0 | z/d opening:open |")
        play.receive(Resumed(id="r1", deaf_since_at=T0 + 10_000), 50)
        play.play("119.999 | |\n120 | | incident opened, alarm opened")
        play = playing(BOTH, on=80).play("0 | z/t temperature=60 |\n0 | z/d opening:open |")
        play.receive(Resumed(id="r2", deaf_since_at=T0 + 10_000), 70)
        play.play("80 | z/t temperature=60 |\n140 | z/t temperature=60 |\n149.999 | |\n150 | | incident opened, alarm opened")
        play = playing(BOTH, off=80).play("""
            0 | z/t temperature=60 |
            0 | z/d opening:open | incident opened, alarm opened
        """)
        play.receive(Resumed(id="r3", deaf_since_at=T0 + 10_000), 70)
        play.play("71 | |\n72 | z/t temperature=60 |")
        assert play.last("alarm").transition == "opened"


READINGS = st.lists(
    st.sampled_from(
        [
            ("t", "temperature", 60.0),
            ("t", "temperature", 20.0),
            ("d", "opening", "open"),
            ("d", "opening", "closed"),
            ("m", "motion", "on"),
            ("m", "motion", "off"),
            ("u", "temperature", 70.0),
            ("e", "opening", "open"),
        ]
    ),
    max_size=6,
    unique_by=lambda row: row[0],
)
FORMULAS = st.recursive(
    st.sampled_from([HOT, OPEN, MOVED]),
    lambda parts: st.one_of(
        st.builds(lambda of: All(of=tuple(of)), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: AnyOf(of=tuple(of)), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: Not(of=of), parts),
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(FORMULAS, READINGS, st.sampled_from(["hold", "untrue", "true"]))
def test_the_order_of_independent_readings_does_not_matter(formula: Formula, readings: list[Any], unavailable: str) -> None:
    """Readings of different devices at one instant: in any order it is on after its delay, or it is not."""
    ends = []
    for order in list(permutations(readings))[:24]:
        play = playing(formula, unavailable, on=5, warnings=())
        for number, (device, kind, value) in enumerate(order):
            play.receive(event(device, kind, value, id=f"{device}{number}", zone="z"), 10)
        play.advance(15)
        ends.append(any(alarm.is_active for alarm in play.records("alarm")))
    assert len(set(ends)) <= 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 1.0, 20.0, 60.0, 60.001]),
        st.sampled_from(
            [
                ("t", "temperature", 60.0),
                ("t", "temperature", 20.0),
                ("u", "temperature", 55.0),
                ("d", "opening", "open"),
                ("d", "opening", "closed"),
                ("c", "loitering", "on"),
                ("", "tick", ""),
                ("", "deaf", ""),
            ]
        ),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.sampled_from(["hold", "untrue", "true"]))
def test_saved_and_restored_at_any_point_it_decides_the_same(steps: list[Any], unavailable: str) -> None:
    texts = []
    for is_restored in (False, True):
        play = playing(AnyOf(of=(BOTH, All(of=(SEEN, Not(of=OPEN))))), unavailable, on=25, off=25)
        play.is_restored_each_step = is_restored
        at = 0.0
        for number, (after, (device, kind, value)) in enumerate(steps):
            at += after
            if kind == "tick":
                play.advance(at)
            elif kind == "deaf":
                play.receive(Resumed(id=f"r{number}", deaf_since_at=T0 + round(at * 1000)), at + 30)
                at += 30
            else:
                play.receive(event(device, kind, value, id=f"e{number}", zone="z"), at)
        play.advance(at + 200)
        texts.append(play.text())
    assert texts[0] == texts[1]


PACK = """\
pack: small
version: "1.0.0"
title: {zh: 小包, en: Small}
parties:
  property: {title: {zh: 物业, en: Property}}
hazards:
  theft: {title: {zh: 盗窃, en: Theft}}
plans:
  go: {title: {zh: 去, en: Go}}
rules:
  combined:
    title: {zh: 组合, en: Combined}
    hazard: theft
    watch: zone
    kinds: [opening, loitering, temperature]
    alarms:
      - level: red
        any:
          - all: [{kind: opening, state: open}, {kind: loitering, state: "on"}]
          - not: {kind: temperature, above: 5, unit: °C, good_for: 1min}
        unavailable: untrue
        for: 3s
    plan: go
    source: ours
"""


def test_a_pack_says_it() -> None:
    test = read_pack(PACK).rules[0].alarms[0].condition.test
    assert isinstance(test, Combination)
    opening, loitering, temperature = terms_of(test.of)
    assert test.of == AnyOf(of=(All(of=(opening, loitering)), Not(of=temperature)))
    assert test.unavailable is Unavailable.UNTRUE
    assert [(term.good_for_s, term.is_sighting) for term in (opening, loitering, temperature)] == [
        (None, False),
        (900, True),
        (60, False),
    ]
    usual = read_pack(PACK.replace(", good_for: 1min", "")).rules[0].alarms[0].condition.test
    assert isinstance(usual, Combination)
    assert terms_of(usual.of)[2].good_for_s == 900


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("kind: opening, state: open", "kind: door, state: open", "the rule does not look at 'door'"),
        (
            "{kind: opening, state: open}",
            "{state: open}",
            "a part is a term with its kind, or one of all, any, not; this has none",
        ),
        (
            "{kind: opening, state: open}",
            "{kind: opening, state: open, not: {kind: opening, state: open}}",
            "this has kind and not",
        ),
        ("not: {kind", "not: {not: {not: {not: {kind", "flow"),
        ("unavailable: untrue", "unavailable: maybe", "expected 'hold', 'untrue' or 'true'"),
        ("[{kind: opening, state: open}, {kind: loitering", "[{kind: loitering", "at least 2 items"),
        ("above: 5, unit: °C", "above: 5, unit: °C, when: 'value > 1'", "when: "),
    ],
)
def test_what_is_wrong_with_a_part_is_said(right: str, wrong: str, said: str) -> None:
    faults = check_pack(PACK.replace(right, wrong, 1))
    assert faults
    assert any(said in fault.message for fault in faults) or said == "flow", faults


def test_it_is_neither_deep_nor_long_without_bound() -> None:
    deep = PACK.replace("{kind: opening, state: open}", "{not: {not: {not: {kind: opening, state: open}}}}")
    assert ["combinations are 4 deep at most" in fault.message for fault in check_pack(deep)] == [True]
    term = "{kind: opening, state: open}"
    long = PACK.replace(term, ", ".join([term] * 15))
    assert ["at most 16" in fault.message for fault in check_pack(long)] == [True]


def test_only_a_combination_can_be_unknown() -> None:
    plain = (
        PACK[: PACK.index("        any:")] + "        state: open\n        unavailable: untrue\n    plan: go\n    source: ours\n"
    )
    assert any("only all, any and not can be unknown, not state" in fault.message for fault in check_pack(plain))


def test_of_nothing_nothing_can_be_said_though_time_passes() -> None:
    signal = CombinationSignal(stage("red", Combination(of=Not(of=OPEN), unavailable=Unavailable.TRUE)))
    assert not signal.pass_time(T0, is_armed=True)
