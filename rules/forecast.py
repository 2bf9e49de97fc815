"""When will it reach the limit? A trend carried forward, so that a warning comes while there is still time to act."""

from collections.abc import Sequence
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, Evidence
from rules.primitive import Forecast
from rules.signals import IDLE, ON, RISING, Plain, Signal, judge_value, to_ms
from rules.trend import Sample, Trend, time_to
from rules.windows import in_order, sample_of

CITED_MAX: Final = 64
"""Samples that a forecast cites: those of its first reading, and those of its delay while there is room."""


class ForecastSignal(Signal):
    """True while the trend of a device reaches the limit in time, or its value is past it already.

    ``measure`` is the instant of reaching [ms since 1970], 0 where none is foreseen. Too few readings say
    nothing: neither that it is true nor that it is over.
    """

    __slots__ = ("cited", "trends")
    remembers = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.trends: dict[str, Trend] = {}
        self.cited: tuple[Evidence, ...] = ()

    @property
    def _test(self) -> Forecast:
        return cast(Forecast, self.stage.condition.test)

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """As every signal; while it is true the latest reading is the evidence, because its forecast is the best."""
        was = self.phase
        is_news = super().see(event, now, is_armed)
        if self.phase in (RISING, ON) and event.value is not None and event.device in self.holders:
            self.last = self._copy(event, now)
            samples = self.trends[event.device].samples
            self._cite(event, samples if was == IDLE else [sample for sample in samples[-1:] if sample[0] == now], was)
        return is_news

    def _cite(self, event: Event, samples: list[Sample], was: int) -> None:
        """Cite what the trend was taken from, so that the same readings alone give the same forecast."""
        if was == IDLE:
            self.cited = ()
        if was in (IDLE, RISING) and len(self.cited) < CITED_MAX:
            self.cited = (*self.cited, *[sample_of(event, *sample) for sample in samples])

    def evidence(self) -> tuple[Evidence, ...]:
        """The samples of the trend and the reading that began it, in their order; the latest reading last."""
        return in_order(*self.cited, *super().evidence())

    def _truth(self, event: Event, now: int) -> bool | None:
        value, test = event.value, self._test
        if value is None:
            return None
        trend = self._trend_of(event.device, now)
        is_full = trend.add(now, value, event.id)
        if judge_value(value, above=test.above, below=test.below):
            self.measure = now
            return True
        if not is_full:
            return None
        limit = cast(float, test.below if test.above is None else test.above)
        is_rising, within_ms = test.above is not None, to_ms(test.in_s)
        time_ms = None
        if not trend.is_far(now, value, limit, is_rising=is_rising, within_ms=within_ms):
            time_ms = time_to(trend.points(now, value), limit, is_rising=is_rising, within_ms=within_ms)
        self.measure = 0 if time_ms is None else now + time_ms
        return time_ms is not None

    def _trend_of(self, device: str, now: int) -> Trend:
        """The trend of this device; those of devices that have not been heard for long are let go, so memory is bounded."""
        trend = self.trends.get(device)
        if trend is None:
            window_ms = to_ms(self._test.window_s)
            self.trends = {name: kept for name, kept in self.trends.items() if kept.samples[-1][0] >= now - 2 * window_ms}
            trend = self.trends[device] = Trend(window_ms)
        return trend

    def is_idle(self) -> bool:
        """Never: the samples are the memory."""
        return False

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the samples of each device, then what is cited of them where it is."""
        cited = [self.cited] if self.cited and (is_open or not super().is_idle()) else []
        return [*super().dump(is_open=is_open), {device: trend.samples for device, trend in self.trends.items()}, *cited]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        for device, rows in cast(dict[str, list[list[object]]], plain[1]).items():
            self.trends[device] = Trend(to_ms(self._test.window_s))
            self.trends[device].samples = [cast(Sample, tuple(row)) for row in rows]
        self.cited = tuple([from_plain(Evidence, item) for item in cast(list[object], plain[2])]) if len(plain) > 2 else ()
