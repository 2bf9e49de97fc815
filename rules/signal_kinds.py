"""Which signal runs which primitive: the one table that a new test of a stage is entered in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rules.combination import CombinationSignal
from rules.definition import Stage
from rules.forecast import ForecastSignal
from rules.primitive import Count, Forecast, Rate, Silence, StateIs, Threshold
from rules.sequences import MissingSignal, SequenceSignal
from rules.signals import Signal
from rules.terms import Combination, Missing, Sequence
from rules.windows import CountSignal, RateSignal, SilenceSignal

SIGNALS: Final[Mapping[type, type[Signal]]] = MappingProxyType(
    {
        Threshold: Signal,
        StateIs: Signal,
        Rate: RateSignal,
        Count: CountSignal,
        Silence: SilenceSignal,
        Sequence: SequenceSignal,
        Missing: MissingSignal,
        Forecast: ForecastSignal,
        Combination: CombinationSignal,
    }
)


def make_signal(stage: Stage) -> Signal:
    """The signal for a stage's test, which remembers nothing yet."""
    return SIGNALS[type(stage.condition.test)](stage)
