"""All hazard models, by the name that a scenario calls them with."""

from typing import Annotated, Final, get_args

from pydantic import Field

from simulator.hazards.elder import ElderFall
from simulator.hazards.fire import Fire
from simulator.hazards.flood import Flood
from simulator.hazards.gas import GasLeak
from simulator.hazards.intrusion import Intrusion
from simulator.hazards.lift import EbikeInLift, Entrapment

Hazard = Annotated[
    Fire | GasLeak | Flood | ElderFall | Entrapment | EbikeInLift | Intrusion,
    Field(discriminator="model"),
]

HAZARDS: Final = tuple(get_args(get_args(Hazard)[0]))
"""The models' classes, in the order in which people read of them."""

HAZARD_MODELS: Final[tuple[str, ...]] = tuple(get_args(model.model_fields["model"].annotation)[0] for model in HAZARDS)
"""The names that a hazard's ``model`` may have."""
