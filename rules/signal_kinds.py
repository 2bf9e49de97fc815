"""Which signal runs which primitive: the one table that a new test of a stage is entered in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rules.agreement import AgreementSignal
from rules.burst import BurstSignal
from rules.combination import CombinationSignal
from rules.definition import Stage
from rules.forecast import ForecastSignal
from rules.impossible import ImpossibleSignal
from rules.personal_silence import PersonalSilenceSignal
from rules.primitive import Burst, Count, Forecast, Impossible, PersonalSilence, Rate, Silence, StateIs, Stuck, Threshold, Unusual
from rules.sequences import MissingSignal, SequenceSignal
from rules.signals import Signal
from rules.stuck import StuckSignal
from rules.terms import Agreement, Combination, Missing, Sequence
from rules.unusual import UnusualSignal
from rules.windows import CountSignal, RateSignal, SilenceSignal

SIGNALS: Final[Mapping[type, type[Signal]]] = MappingProxyType(
    {
        Unusual: UnusualSignal,
        Threshold: Signal,
        StateIs: Signal,
        Rate: RateSignal,
        Count: CountSignal,
        Silence: SilenceSignal,
        PersonalSilence: PersonalSilenceSignal,
        Sequence: SequenceSignal,
        Missing: MissingSignal,
        Forecast: ForecastSignal,
        Combination: CombinationSignal,
        Stuck: StuckSignal,
        Burst: BurstSignal,
        Impossible: ImpossibleSignal,
        Agreement: AgreementSignal,
    }
)


def make_signal(stage: Stage) -> Signal:
    """The signal for a stage's test, which remembers nothing yet."""
    return SIGNALS[type(stage.condition.test)](stage)
