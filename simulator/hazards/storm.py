"""A rainstorm: the weather office raises its signal step by step, and one flat after another lets water in."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from rules.model import EventClass, Network
from simulator.community import Community
from simulator.hazards.course import Course, Happening, HazardModel, Peril, Seconds

_SHOWN_S: Final = 20.0  # 10 s on-delay of practice and 10 s from device to centre (GB 50440)
_TOLD_S: Final = 10.0  # GB 50440: device to centre within 10 s

Colour = Literal["blue", "yellow", "orange", "red"]


class Signal(HazardModel):
    """An authority's signal of a ``type`` and a colour, valid from its start until ``ends_s``."""

    model: Literal["signal"]
    type: Annotated[str, Field(min_length=1)] = "rainstorm"
    level: Colour = "orange"
    ends_s: Seconds = 10_800.0
    office: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "weather-office"

    def course(self) -> Course:
        """The signal, its end, and that everybody must be told of it."""
        ends_s = self.starts_s + self.ends_s
        due_s = self.starts_s + _TOLD_S
        peril = Peril(hazard="authority", zone=self.place, began_s=self.starts_s, ended_s=ends_s, warning_due_s=due_s)
        return Course(happenings=(self._said(self.starts_s, "on"), self._said(ends_s, "off")), perils=(peril,))

    def _said(self, at_s: float, state: str) -> Happening:
        return Happening(
            at_s=at_s,
            zone=self.place,
            sort="office",
            reporter=self.office,
            network=Network.INTERNET,
            event_class=EventClass.ALARM,
            kind="warning_signal",
            state=state,
            attributes={"type": self.type, "level": self.level},
        )


class Rainstorm(HazardModel):
    """Within ``spread_s`` so many leak sensors of the place get wet, drawn from the community's seed, and dry after ``dries_s``.

    A community with fewer of them has every one wet.
    """

    model: Literal["rainstorm"]
    leak_count: Annotated[int, Field(ge=1, le=10_000)] = 60
    spread_s: Seconds = 1200.0
    dries_s: Seconds = 7200.0

    def course(self) -> Course:
        """Nothing without a community: only it knows where its sensors are."""
        return Course()

    def played_in(self, community: Community) -> Course:
        """Each sensor's wet and dry, and that water is there."""
        drawn = list(self._wets(community))
        return Course(
            happenings=tuple(happening for zone, at_s in drawn for happening in _wet(zone, at_s, at_s + self.dries_s)),
            perils=tuple(
                Peril(
                    hazard="water_leak",
                    zone=zone,
                    began_s=at_s,
                    ended_s=at_s + self.dries_s,
                    alarm_due_s=at_s + _SHOWN_S,
                    who=("water",),
                )
                for zone, at_s in drawn
            ),
        )

    def _wets(self, community: Community) -> Iterator[tuple[str, float]]:
        dice = self.dice(community)
        devices = community.at(self.place) if self.place else community.devices
        zones = list({device.zone: None for device in devices if device.sort.is_a("leak")})
        for zone in dice.sample(zones, min(self.leak_count, len(zones))):
            yield zone, self.starts_s + dice.uniform(0, self.spread_s)


def _wet(zone: str, wet_s: float, dry_s: float) -> Iterator[Happening]:
    for at_s, state in ((wet_s, "wet"), (dry_s, "dry")):
        yield Happening(at_s=at_s, zone=zone, sort="leak", event_class=EventClass.STATE, kind="moisture", state=state)
