"""A gas leak: methane mixes into the room's air, through openings into the next, until the valve is shut and windows are open."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, HazardModel, Influence, Peril, Seconds
from simulator.hazards.rooms import Air, Room, fade, flow
from simulator.hazards.tenability import GAS_ALARM_MAX, GAS_DANGER, first_s

_LOWER_LIMIT_VOL_PERCENT: Final = 5.0  # 100 %LEL of methane
_LIGHTER: Final = 0.45  # methane is 16/29 as heavy as air
_STEP_S: Final = 5
_TAIL_S: Final = 1800
_FELT_LEL: Final = 4.0  # the least at which anybody may speak of gas: below the lowest alarm point of GB 15322.2 (5 %LEL)


class GasLeak(HazardModel):
    """A constant leak into one well mixed room with a little air change, and a lot of it once ``closed_s`` is reached.

    ``rooms`` are the places behind its doors; leaks and doors stay as they are, only the room with the leak is aired.
    """

    model: Literal["gas_leak"]
    leak_l_per_min: Annotated[float, Field(gt=0, le=500)] = 15.0
    volume_m3: Annotated[float, Field(ge=5, le=5000)] = 20.0
    air_changes_per_h: Annotated[float, Field(ge=0, le=100)] = 0.5
    airing_changes_per_h: Annotated[float, Field(ge=0, le=100)] = 20.0
    closed_s: Seconds = 1200.0
    rooms: tuple[Room, ...] = ()

    def course(self) -> Course:
        """Methane in %LEL every five seconds in each room, and the truth."""
        airs = {self.zone: Air(self.volume_m3, {"methane": 0.0})}
        airs |= {room.zone: Air(room.volume_m3, {"methane": 0.0}) for room in self.rooms}
        felt: dict[str, list[float]] = {zone: [] for zone in airs}
        for second in range(0, int(self.closed_s) + _TAIL_S, _STEP_S):
            is_leaking = second < self.closed_s
            inflow = self.leak_l_per_min / 1000 / 60 / self.volume_m3 if is_leaking else 0.0
            airs[self.zone].shares["methane"] += inflow * _STEP_S
            fade(airs[self.zone], self.air_changes_per_h if is_leaking else self.airing_changes_per_h, _STEP_S)
            for room in self.rooms:
                before, behind = airs[room.joins or self.zone], airs[room.zone]
                flow(before, behind, room, _LIGHTER * abs(before.shares["methane"] - behind.shares["methane"]), _STEP_S)
                fade(behind, room.air_changes_per_h, _STEP_S)
            for zone, air in airs.items():
                felt[zone].append(100 * air.shares["methane"] * 100 / _LOWER_LIMIT_VOL_PERCENT)
        influences = tuple(
            Influence(zone=zone, kind="methane", from_s=self.starts_s, step_s=_STEP_S, amounts=tuple(amounts))
            for zone, amounts in felt.items()
        )
        return Course(
            influences=influences, perils=tuple(each for zone, amounts in felt.items() for each in self._perils(zone, amounts))
        )

    def _perils(self, zone: str, amounts: Sequence[float]) -> Iterator[Peril]:
        if max(amounts) < _FELT_LEL:
            return
        alarm_s, danger_s = first_s(amounts, GAS_ALARM_MAX, _STEP_S), first_s(amounts, GAS_DANGER, _STEP_S)
        due_s = None if alarm_s is None else self.starts_s + alarm_s
        yield Peril(
            hazard="gas",
            zone=zone,
            began_s=self.starts_s,
            ended_s=self.starts_s + len(amounts) * _STEP_S,
            dangerous_s=None if danger_s is None else self.starts_s + danger_s,
            alarm_due_s=due_s,
            dispatch_due_s=None if due_s is None else due_s + 3,
            who=("gas_valve", "evacuation"),
        )
