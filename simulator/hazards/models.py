"""All hazard models, by the name that a scenario calls them with."""

from typing import Annotated, Final, get_args

from pydantic import Field

from simulator.hazards.battery import BatteryRunaway
from simulator.hazards.boiler import BoilerCo
from simulator.hazards.elder import ElderAway, ElderFall
from simulator.hazards.electrical import CableHeating
from simulator.hazards.fire import Fire
from simulator.hazards.flood import Flood
from simulator.hazards.fumes import Fumes
from simulator.hazards.gas import GasLeak
from simulator.hazards.intrusion import Intrusion
from simulator.hazards.lift import EbikeInLift, Entrapment
from simulator.hazards.passing import Passing, Sighting
from simulator.hazards.pipes import Drip, PipeLeak, PumpFailure
from simulator.hazards.silence import Cut, PowerCut
from simulator.hazards.storm import Rainstorm, Signal
from simulator.hazards.voices import Call, Reports

Hazard = Annotated[
    Fire
    | BatteryRunaway
    | GasLeak
    | BoilerCo
    | CableHeating
    | Flood
    | PipeLeak
    | PumpFailure
    | Drip
    | ElderFall
    | ElderAway
    | Call
    | Reports
    | Entrapment
    | EbikeInLift
    | Intrusion
    | Passing
    | Sighting
    | Rainstorm
    | Signal
    | PowerCut
    | Cut
    | Fumes,
    Field(discriminator="model"),
]

HAZARDS: Final = tuple(get_args(get_args(Hazard)[0]))
"""The models' classes, in the order in which people read of them."""

HAZARD_MODELS: Final[tuple[str, ...]] = tuple(get_args(model.model_fields["model"].annotation)[0] for model in HAZARDS)
"""The names that a hazard's ``model`` may have."""
