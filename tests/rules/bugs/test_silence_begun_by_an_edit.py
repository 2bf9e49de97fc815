"""Other people's bug, "rule edit leaves an old timer": a rule that waits for silence since an edit wakes by itself.

The watch was there before the edit, for a reading that had crossed a limit; the first word after the edit starts the silence.
"""

from dataclasses import replace

import pytest

from rules import primitive as p
from rules.model import PackActivation
from tests.rules.score import Play, pack, rule, stage

HOT = rule("hot", "temperature", warnings=(stage("blue", p.Threshold(above=45), on=5),))
SILENT = (stage("orange", p.Silence(for_s=15)),)


@pytest.mark.parametrize("is_restored_each_step", [False, True])
def test_it_is_told_at_its_instant(is_restored_each_step: bool) -> None:
    edited = replace(HOT, alarms=SILENT)
    play = Play(pack(HOT), is_restored_each_step=is_restored_each_step)
    play.packs["2"] = pack(edited, version="2")
    play.play("0 | b1/d1 temperature=50 |")
    play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="2"), 1)
    play.play("""
        5      |                      | incident opened, warning opened
        10     | b1/d1 temperature=50 |
        24.999 |                      |
        25     |                      | incident alarmed, alarm opened, warning materialised
    """)
