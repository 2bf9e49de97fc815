"""What makes devices fall silent: the power of a building, a gateway, a cable that somebody cut."""

from typing import Annotated, Final, Literal

from pydantic import Field

from rules.model import EventClass, Network
from simulator.hazards.course import Course, Happening, HazardModel, Hush, Mute, Peril

_SHOWN_S: Final = 20.0  # 10 s on-delay and 10 s from device to centre (GB 50440)
_ON_BATTERY: Final = ("smoke", "heat", "sos", "lift", "leak")
"""Detectors and buttons on batteries (GB/T 45839), and the lift's emergency call, an hour without mains (GB 7588.1)."""
_BLIP_S: Final = 10.0  # shorter is a switch-over, and no power cut (ours, as the pack's on-delay)
_LINGER_S: Final = 3600.0  # after its end a device may still be found silent: the pack's longest wait for a mains device, doubled


class PowerCut(HazardModel):
    """The supply of a place fails: its meter says so, and a ``share`` of the devices, those without a battery, fall silent.

    The lifts stand, and nobody cooks or draws water while it is dark.
    """

    model: Literal["power_cut"]
    back_s: Annotated[float, Field(gt=0, le=1_000_000)] = 3600.0
    share: Annotated[float, Field(ge=0, le=1)] = 0.7
    is_told: bool = True

    def course(self) -> Course:
        """The meter's words, the silence, and what is true."""
        back_s = self.starts_s + self.back_s
        said = (self._said(self.starts_s, "on"), self._said(back_s, "off"))
        perils: tuple[Peril, ...] = ()
        if self.back_s > _BLIP_S:
            due_s = self.starts_s + _SHOWN_S if self.is_told else None
            perils = (
                Peril(
                    hazard="power_lost",
                    zone=self.place,
                    began_s=self.starts_s,
                    ended_s=back_s,
                    alarm_due_s=due_s,
                    dispatch_due_s=due_s,
                    who=("electrical",),
                ),
                Peril(hazard="device", zone=self.place, began_s=self.starts_s, ended_s=back_s + _LINGER_S),
            )
        return Course(
            happenings=said if self.is_told else (),
            mutes=(Mute(zone=self.place, from_s=self.starts_s, to_s=back_s, share=self.share, spares=_ON_BATTERY),),
            hushes=(Hush(zone=self.place, from_s=self.starts_s, to_s=back_s),),
            perils=perils,
        )

    def _said(self, at_s: float, state: str) -> Happening:
        return Happening(
            at_s=at_s,
            zone=self.place,
            sort="grid-meter",
            reporter=f"grid-{self.zone.replace('/', '-')}",
            network=Network.DATA,
            event_class=EventClass.ALARM,
            kind="power_lost",
            state=state,
        )


class Cut(HazardModel):
    """Devices of these ``sorts`` at a place are cut off, or covered, until ``back_s``; with ``is_felt`` each says it before.

    Whoever does it to a camera may want not to be seen: a silent device must be told after three missed signs of life.
    """

    model: Literal["cut"]
    sorts: tuple[str, ...] = ("camera",)
    back_s: Annotated[float, Field(gt=0, le=1_000_000)] = 3600.0
    told_s: Annotated[float, Field(gt=0, le=1_000_000)] = 240.0
    is_felt: bool = False

    def course(self) -> Course:
        """Silence from here on, perhaps a last word, and by when it must be told."""
        last = tuple(
            Happening(
                at_s=self.starts_s - 1, zone=self.zone, sort=sort, event_class=EventClass.ALARM, kind="device_fault", state="on"
            )
            for sort in self.sorts
            if self.is_felt
        )
        back_s = self.starts_s + self.back_s
        peril = Peril(
            hazard="device",
            zone=self.place,
            began_s=self.starts_s - 1,
            ended_s=back_s + _LINGER_S,
            alarm_due_s=self.starts_s + self.told_s if self.back_s > self.told_s else None,
            who=("device_repair",),
        )
        return Course(
            happenings=last, mutes=(Mute(zone=self.place, from_s=self.starts_s, to_s=back_s, sorts=self.sorts),), perils=(peril,)
        )
