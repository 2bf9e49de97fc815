"""Other people's bug: notifications went on after the acknowledgement (oncall#4654): here it comes between two steps."""

import pytest

from rules import definition as d
from rules import primitive as p
from tests.rules.score import Play, pack, rule, said, stage

PLAN = d.Plan(
    id="p",
    title=said("plan"),
    clocks=(d.Target(name="acknowledged", within_s=100),),
    escalations=tuple(d.Escalation(at_share=share, notify=("boss",)) for share in (0.25, 0.5, 1.0, 2.0)),
)
LEAK = rule("leak", "water_level", alarms=(stage("yellow", p.Threshold(above=10)),), plan="p")


@pytest.mark.parametrize(
    ("at_s", "told_before"),
    [(24.999, 0), (25, 1), (25.001, 1), (49.999, 1), (50, 2), (99.999, 2), (100, 3), (199.999, 3), (200, 4)],
)
@pytest.mark.parametrize("entity", ["alarm", "incident"])
def test_after_it_nobody_is_called_any_more(at_s: float, told_before: int, entity: str) -> None:
    play = Play(pack(LEAK, plans=(PLAN,), parties=("boss",))).play("0 | b1/d1 water_level=15 | incident opened, alarm opened")
    assert play.act(at_s, "li", "acknowledge", entity).is_accepted
    play.advance(9999)
    assert len(play.notices) == told_before
