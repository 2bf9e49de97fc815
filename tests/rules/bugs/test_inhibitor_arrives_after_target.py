"""Other people's bug: the inhibitor arrives after its target; a mute ends with it active (alertmanager#2229, alerta#1589).

Every order in which two sources and two targets begin and end is played. Wherever a source stands its targets are quiet, wherever
none does they speak, and nothing depends on how it came about.
"""

from dataclasses import replace
from itertools import permutations

from rules import primitive as p
from rules.definition import Aim, Inhibition, Key
from rules.model import EventClass
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

ON = (stage("orange", p.StateIs(states=("on",))),)
OUTAGE = Inhibition(id="o", title=said("o"), source=Aim(hazard="power"), target=Aim(hazard="device"), equal=Key.BUILDING)
TOWN = replace(
    pack(
        rule("power", "power_lost", hazard="power", alarms=ON),
        rule("fault", "device_fault", hazard="device", alarms=ON),
        hazards=(hazard("power"), hazard("device")),
    ),
    inhibitions=(OUTAGE,),
)
STEPS = ("m1 on", "m2 on", "d1 on", "m1 off", "m2 off", "d1 off")


def is_possible(order: tuple[str, ...]) -> bool:
    return all(order.index(f"{name} on") < order.index(f"{name} off") for name in ("m1", "m2", "d1"))


def test_in_every_order_a_target_is_quiet_exactly_while_a_source_stands() -> None:
    for order in filter(is_possible, permutations(STEPS)):
        play = Play(TOWN)
        standing: dict[str, bool] = {}
        for number, step in enumerate(order):
            device, state = step.split()
            standing[device] = state == "on"
            kind = "power_lost" if device.startswith("m") else "device_fault"
            play.receive(event(device, kind, state, id=f"e{number}", zone="b1", event_class=EventClass.ALARM), number)
            alarms = {alarm.device: alarm for alarm in play.records("alarm")}
            if standing.get("d1"):
                is_quiet = standing.get("m1", False) or standing.get("m2", False)
                assert (alarms["d1"].state == "suppressed") is is_quiet, order
        assert all(alarm.state != "suppressed" for alarm in alarms.values()), order
