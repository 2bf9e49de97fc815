"""One drill by its seed: drawn, played, judged, and told."""

from dataclasses import dataclass
from pathlib import Path

from simulator.drill.calm import calm
from simulator.drill.foreign import WAYS
from simulator.drill.happenings import happen
from simulator.drill.law import Broken, Law
from simulator.drill.packs import Packs
from simulator.drill.play import World, world
from simulator.drill.steps import Step, draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a drill went. ``law`` is empty where every law held."""

    seed: int
    step_count: int
    crash_count: int
    entry_count: int
    fact_count: int
    law: str = ""
    detail: str = ""
    step: int = 0
    story: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether all laws held."""
        return not self.law


def drill(seed: int, room: Path, packs: Packs, *, until: int = 0, steps: tuple[Step, ...] = ()) -> Outcome:
    """Play the drill of this seed; ``until``: no step after this one, and no calm (0: all of it). ``room``: see ``in_memory``.

    ``steps``: these instead of the drawn ones, in the same town.
    """
    steps = steps or draw(seed)
    with world(seed, room, packs, has_routes=any(step.what in WAYS for step in steps)) as played:
        law = detail = ""
        try:
            _storm(played, steps if not until else steps[:until])
            if not until:
                calm(played)
        except Broken as broken:
            law, detail = str(broken.law), broken.detail
        except Exception as fault:  # noqa: BLE001 - whatever the drilled house throws is what a drill is there to find
            law, detail = str(Law.OWN_FAULT), f"{type(fault).__name__}: {fault}"
        return Outcome(
            seed=seed,
            step_count=len(steps),
            crash_count=played.disk.crash_count,
            entry_count=len(played.disk.written),
            fact_count=len(played.shadow.facts),
            law=law,
            detail=detail,
            step=played.step,
            story=tuple(played.story),
        )


def _storm(played: World, steps: tuple[Step, ...]) -> None:
    played.settle()
    for step in steps:
        played.step = step.number
        played.pass_time(step.gap_ms)
        played.note(f"--- {step}")
        happen(played, step)
        played.settle()
