"""Row 39: a verdict has a reason and a name, a changed one stands beside the earlier, and each rule has its false ratio."""

from math import isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.false_ratio import Z95, JudgedCase, tally, tally_all, wilson
from rules.model import GivenVerdict, Incident, Status, Verdict
from rules.primitive import Threshold
from rules.verdict import VERDICTS, WHY_MAX, said_of
from tests.rules.score import T0, Play, pack, rule, stage

OPENED = "0 | d1 generic=20 | incident opened, alarm opened"


def desk(*, is_restored_each_step: bool = False) -> Play:
    laid = pack(rule("leak", "generic", alarms=(stage("yellow", Threshold(above=10)),)))
    return Play(laid, is_restored_each_step=is_restored_each_step).play(OPENED)


def incident(play: Play) -> Incident:
    found: Incident = play.records("incident")[-1]
    return found


class TestGiving:
    def test_nobody_has_verified_it_at_first(self) -> None:
        assert (incident(desk()).verdict, incident(desk()).verdicts) == (Verdict.UNTRIAGED, ())

    @pytest.mark.parametrize("verdict", ["real", "false", "benign", "drill"])
    def test_it_is_kept_with_who_when_and_why(self, verdict: str) -> None:
        play = desk()
        assert play.act(5, "li", "verify", "incident", verdict=verdict, reason=" steam from a kettle ").is_accepted
        given_now = GivenVerdict(verdict=Verdict(verdict), at=T0 + 5000, by="li", why="steam from a kettle")
        assert (incident(play).verdict, incident(play).verdicts) == (verdict, (given_now,))
        told = play.last("incident")
        assert (told.transition, told.value, told.actor) == ("verified", verdict, "li")
        assert told.sentence.en == f"li verified it: {said_of(Verdict(verdict)).en}; steam from a kettle"

    def test_the_first_needs_no_reason(self) -> None:
        play = desk().play("1 | li verify incident verdict=real | incident verified")
        assert incident(play).verdicts[0].why == ""

    @pytest.mark.parametrize("verdict", ["", "maybe", "untriaged", 1, True])
    def test_a_word_that_is_none_is_refused_and_changes_nothing(self, verdict: object) -> None:
        play = desk()
        answer = play.act(1, "li", "verify", "incident", verdict=verdict)
        assert (answer.is_accepted, answer.reason) == (False, "argument_missing")
        assert all(word in answer.sentence.en for word in ("real", "false", "benign", "drill"))
        assert incident(play).verdicts == ()

    def test_without_a_word_it_is_refused(self) -> None:
        assert desk().act(1, "li", "verify", "incident").reason == "argument_missing"

    def test_a_long_reason_is_cut(self) -> None:
        play = desk()
        play.act(1, "li", "verify", "incident", verdict="real", reason="x" * 5000)
        assert len(incident(play).verdicts[0].why) == WHY_MAX


class TestChanging:
    """Never overwritten."""

    def test_another_verdict_needs_a_reason(self) -> None:
        play = desk().play("1 | li verify incident verdict=real | incident verified")
        answer = play.act(2, "wang", "verify", "incident", verdict="false")
        assert (answer.is_accepted, answer.reason) == (False, "argument_missing")
        assert answer.sentence.zh == "已核实为“属实”，更改须说明理由 reason"
        assert incident(play).verdict == "real"

    def test_the_earlier_stands_beside_the_later(self) -> None:
        play = desk()
        play.act(1, "li", "verify", "incident", verdict="real")
        play.act(2, "wang", "verify", "incident", verdict="false", reason="the pipe was being tested")
        play.act(3, "zhao", "verify", "incident", verdict="benign", reason="it was wet, and harmless")
        given_all = [(each.verdict, each.by, (each.at - T0) // 1000) for each in incident(play).verdicts]
        assert given_all == [("real", "li", 1), ("false", "wang", 2), ("benign", "zhao", 3)]
        assert incident(play).verdict == "benign"
        told = [fact.sentence.zh for fact in play.facts if fact.transition == "verified"]
        assert told[1] == "wang 核实：误报（原为属实）；the pipe was being tested"

    def test_a_second_person_may_confirm_it_without_a_reason(self) -> None:
        play = desk()
        play.act(1, "li", "verify", "incident", verdict="real")
        assert play.act(2, "wang", "verify", "incident", verdict="real").is_accepted
        assert [each.by for each in incident(play).verdicts] == ["li", "wang"]

    def test_it_can_be_taken_back_and_the_case_then_needs_one_to_close(self) -> None:
        play = desk()
        play.act(1, "li", "verify", "incident", verdict="real")
        assert not play.act(2, "li", "verify", "incident", verdict="untriaged").is_accepted
        assert play.act(2, "li", "verify", "incident", verdict="untriaged", reason="wrong case").is_accepted
        assert (incident(play).verdict, len(incident(play).verdicts)) == ("untriaged", 2)
        assert "taken back" in play.last("incident").sentence.en
        assert play.act(3, "li", "close", "incident").reason == "argument_missing"
        assert play.act(4, "li", "verify", "incident", verdict="false").is_accepted  # after untriaged it is a first one again

    def test_closing_with_another_verdict_is_one_more_and_with_the_same_is_none(self) -> None:
        changed, same = desk(), desk()
        for play in (changed, same):
            play.act(1, "li", "verify", "incident", verdict="real")
        changed.act(2, "wang", "close", "incident", verdict="false", text="nothing there")
        same.act(2, "wang", "close", "incident")
        assert [(each.verdict, each.why) for each in incident(changed).verdicts] == [("real", ""), ("false", "nothing there")]
        assert [each.by for each in incident(same).verdicts] == ["li"]

    def test_a_case_is_not_closed_as_untriaged(self) -> None:
        play = desk()
        play.act(1, "li", "verify", "incident", verdict="real")
        assert play.act(2, "li", "close", "incident", verdict="untriaged").reason == "argument_missing"
        assert incident(play).closed_at is None

    def test_the_history_outlives_a_restart(self) -> None:
        plays = [desk(), desk(is_restored_each_step=True)]
        for play in plays:
            play.act(1, "li", "verify", "incident", verdict="real")
            play.act(2, "wang", "verify", "incident", verdict="false", reason="steam")
        assert plays[0].text() == plays[1].text()
        assert len(incident(plays[1]).verdicts) == 2


class TestWilson:
    """Numbers from Wilson 1927 as published in tables: 0 of 10, 1 of 10, 5 of 10, 10 of 10."""

    @pytest.mark.parametrize(
        ("count", "of", "low", "high"),
        [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (0, 1, 0.0, 0.7935)],
    )
    def test_known_values(self, count: int, of: int, low: float, high: float) -> None:
        ratio = wilson(count, of)
        assert ratio is not None
        assert (ratio.count, ratio.of, ratio.share) == (count, of, count / of)
        assert isclose(ratio.low, low, abs_tol=5e-5)
        assert isclose(ratio.high, high, abs_tol=5e-5)

    def test_of_nothing_there_is_none(self) -> None:
        assert wilson(0, 0) is None

    @pytest.mark.parametrize(("count", "of"), [(-1, 3), (4, 3), (1, 0)])
    def test_what_is_no_share_is_refused(self, count: int, of: int) -> None:
        with pytest.raises(ValueError, match="is no share"):
            wilson(count, of)

    @settings(max_examples=200, deadline=None)
    @given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
    def test_its_bounds_are_where_the_score_test_just_does_not_reject(self, case: tuple[int, int]) -> None:
        """What the interval is by definition: |share - p| = z * sqrt(p (1 - p) / n) at both bounds."""
        count, of = case
        ratio = wilson(count, of)
        assert ratio is not None
        assert 0 <= ratio.low <= ratio.share <= ratio.high <= 1
        for bound in (ratio.low, ratio.high):
            if 0 < bound < 1:
                assert isclose(abs(ratio.share - bound), Z95 * sqrt(bound * (1 - bound) / of), rel_tol=1e-6, abs_tol=1e-9)


def case(rule_id: str, incident_id: str, verdict: str, status: Status = Status.ACTUAL) -> JudgedCase:
    return JudgedCase(rule=rule_id, incident_id=incident_id, verdict=Verdict(verdict), status=status)


class TestFalseRatio:
    def test_a_case_counts_once_for_each_rule_however_often_the_alarm_came(self) -> None:
        smoke, heat = tally([case("smoke", "i1", "false")] * 5 + [case("smoke", "i2", "real"), case("heat", "i1", "false")])
        assert (smoke.rule, smoke.case_count, smoke.false_ratio) == ("smoke", 2, wilson(1, 2))
        assert (heat.rule, heat.case_count, heat.false_ratio) == ("heat", 1, wilson(1, 1))

    def test_benign_is_a_sensor_that_was_right(self) -> None:
        (smoke,) = tally([case("smoke", "i1", "benign"), case("smoke", "i2", "false"), case("smoke", "i3", "real")])
        assert smoke.false_ratio == wilson(1, 3)

    def test_what_nobody_verified_is_counted_and_says_nothing(self) -> None:
        (smoke,) = tally([case("smoke", "i1", "untriaged"), case("smoke", "i2", "untriaged")])
        assert (smoke.case_count, smoke.by_verdict[Verdict.UNTRIAGED], smoke.false_ratio) == (2, 2, None)

    def test_drills_and_exercises_are_counted_apart(self) -> None:
        (smoke,) = tally(
            [
                case("smoke", "i1", "drill"),
                case("smoke", "i2", "false", Status.EXERCISE),
                case("smoke", "i3", "false", Status.TEST),
                case("smoke", "i4", "real"),
            ]
        )
        assert (smoke.case_count, smoke.apart_count, smoke.false_ratio) == (1, 3, wilson(0, 1))

    def test_the_worst_comes_first_and_all_rules_together_count_each_case_once(self) -> None:
        cases = [case("a", "i1", "real"), case("b", "i1", "real"), case("b", "i2", "real"), case("c", "i3", "false")]
        assert [one.rule for one in tally(cases)] == ["c", "b", "a"]
        assert (tally_all(cases).rule, tally_all(cases).case_count, tally_all(cases).false_ratio) == ("", 3, wilson(1, 3))
        assert tally_all([]).false_ratio is None

    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(
            st.builds(
                case,
                st.sampled_from("ab"),
                st.sampled_from(["i1", "i2", "i3", "i4"]),
                st.sampled_from([verdict.value for verdict in Verdict]),
            ),
            max_size=20,
        )
    )
    def test_it_is_what_counting_by_hand_says(self, cases: list[JudgedCase]) -> None:
        last = {(one.rule, one.incident_id): one.verdict for one in cases}
        for found in tally(cases):
            own = [verdict for (rule_id, _), verdict in last.items() if rule_id == found.rule]
            assert found.case_count == len([verdict for verdict in own if verdict != "drill"])
            assert found.apart_count == own.count(Verdict.DRILL)
            counted = own.count(Verdict.REAL) + own.count(Verdict.BENIGN) + own.count(Verdict.FALSE)
            assert (found.false_ratio is None) == (counted == 0)
            assert found.false_ratio is None or found.false_ratio == wilson(own.count(Verdict.FALSE), counted)


def test_every_verdict_has_its_words() -> None:
    assert set(VERDICTS) == set(Verdict) - {Verdict.UNTRIAGED}
    assert all(said_of(verdict).zh and said_of(verdict).en for verdict in Verdict)
