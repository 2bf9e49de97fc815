"""People who call: a button, a message to the property office, a manual call point; and exercises that sound like it."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.model import EventClass, Network, Status
from simulator.hazards.course import Course, Happening, HazardModel, Peril, Seconds

_SHOWN_S: Final = 10.0  # GB 50440-2007: device to centre within 10 s

_WHO: Final = {
    "sos": ("patrol", "first_aid"),
    "fire": ("fire_fighting", "evacuation"),
    "gas": ("gas_valve", "evacuation"),
    "carbon_monoxide": ("fire_fighting", "first_aid"),
}


class Call(HazardModel):
    """A device of a ``sort`` calls out ``kind`` (sos, smoke, heat, gas, carbon_monoxide …) and stops after ``off_s``.

    ``hazard`` is what it is in truth, empty if nothing: a button that was pressed by mistake is a call all the same.
    With ``status`` exercise or test it is one, and must reach nobody.
    """

    model: Literal["call"]
    sort: Annotated[str, Field(min_length=1)] = "sos"
    kind: Annotated[str, Field(min_length=1)] = "sos"
    hazard: str = "sos"
    off_s: Seconds = 600.0
    times: Annotated[int, Field(ge=1, le=100)] = 1
    status: Literal["actual", "exercise", "test"] = "actual"
    preheats: bool = False

    def course(self) -> Course:
        """The call, repeated every three seconds, its end, and what is true."""
        on = [self._said(3.0 * number, "on") for number in range(self.times)]
        due_s = self.starts_s + _SHOWN_S
        peril = Peril(
            hazard=self.hazard,
            zone=self.zone,
            began_s=self.starts_s,
            ended_s=self.starts_s + self.off_s,
            alarm_due_s=due_s,
            dispatch_due_s=due_s,
            who=_WHO.get(self.hazard, ()),
        )
        is_true = bool(self.hazard) and self.status == "actual"
        return Course(happenings=(*on, self._said(self.off_s, "off")), perils=(peril,) if is_true else ())

    def _said(self, after_s: float, state: str) -> Happening:
        return Happening(
            at_s=self.starts_s + after_s,
            zone=self.zone,
            sort=self.sort,
            event_class=EventClass.ALARM,
            kind=self.kind,
            state=state,
            status=Status(self.status),
            attributes={"preheat": True} if self.preheats else {},
        )


class Message(BaseModel):
    """What one resident writes, so many seconds after the first."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: Annotated[str, Field(min_length=1, max_length=500)]
    after_s: Seconds = 0.0
    urgency: Literal["normal", "urgent", "emergency"] = "normal"
    zone: str = ""


class Reports(HazardModel):
    """Residents write about one thing, each in his own words; ``about`` is what it is in truth, and empty for small talk.

    ``told_s`` after the first of them the chain must have alarmed. A message with no ``zone`` of its own is about the hazard's.
    """

    model: Literal["reports"]
    about: str = ""
    messages: Annotated[tuple[Message, ...], Field(min_length=1)]
    told_s: Annotated[float, Field(gt=0, le=1_000_000)] = 10.0

    def course(self) -> Course:
        """The messages, and what is true: what they are about, and that each of them is a report."""
        said = tuple(
            Happening(
                at_s=self.starts_s + each.after_s,
                zone=each.zone or self.zone,
                sort="resident",
                reporter=f"resident-{round(self.starts_s)}-{number:02d}",
                network=Network.INTERNET,
                event_class=EventClass.ALARM,
                kind="report",
                state="on",
                attributes={"text": each.text, "urgency": each.urgency},
            )
            for number, each in enumerate(self.messages)
        )
        first_s = min(each.at_s for each in said)
        ended_s = max(each.at_s for each in said) + 3600
        zones = {each.zone: None for each in said}
        perils = [Peril(hazard="report", zone=zone, began_s=first_s, ended_s=ended_s) for zone in zones]
        if self.about:
            due_s = first_s + self.told_s
            perils.append(
                Peril(
                    hazard=self.about,
                    zone=self.zone,
                    began_s=first_s,
                    ended_s=ended_s,
                    alarm_due_s=due_s,
                    dispatch_due_s=due_s + 3,
                    who=_WHO.get(self.about, ()),
                )
            )
        return Course(happenings=said, perils=tuple(perils))
