"""What the chain's process counts, in Prometheus' words. Figures are read when somebody asks; nothing is counted twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from handlers.shadow_book import read_progress
from ingest.route import RouteReader
from shouwang.desk import Desk

Counts = Mapping[str, int | float]


class DeskCollector(Collector):
    """The spine's figures."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        progress = self._desk.progress
        yield CounterMetricFamily(
            "shouwang_entries", "Entries journaled and decided since the start.", value=progress.entry_count
        )
        yield CounterMetricFamily("shouwang_batches", "Journal batches decided since the start.", value=progress.batch_count)
        yield CounterMetricFamily(
            "shouwang_effects", "Effects that the chain asked for since the start.", value=progress.effect_count
        )
        stages = CounterMetricFamily("shouwang_stage_seconds", "Time spent in each stage of the spine.", labels=["stage"])
        for stage, seconds in (("journal", progress.journal_s), ("chain", progress.chain_s), ("store", progress.store_s)):
            stages.add_metric([stage], seconds)
        yield stages
        positions = GaugeMetricFamily("shouwang_position", "Journal position reached by each stage.", labels=["stage"])
        for stage, position in (
            ("journaled", progress.journaled_position),
            ("decided", progress.decided_position),
            ("applied", progress.applied_position),
        ):
            positions.add_metric([stage], position)
        yield positions
        waiting = GaugeMetricFamily("shouwang_backlog_entries", "Entries received and not yet journaled.", labels=["lane"])
        for lane, count in self._desk.backlog.depths().items():
            waiting.add_metric([lane], count)
        yield waiting
        yield GaugeMetricFamily(
            "shouwang_journal_failing", "1 while the journal cannot be written.", value=bool(progress.journal_failure)
        )
        yield GaugeMetricFamily(
            "shouwang_store_failing", "1 while the store cannot be written.", value=bool(progress.store_failure)
        )
        yield GaugeMetricFamily(
            "shouwang_clock_ahead_seconds",
            "How far several sources say that this computer's clock is ahead; 0 where it is right.",
            value=self._desk.clock_off_ms / 1000,
        )
        chain = CounterMetricFamily("shouwang_chain", "What the chain did with events, by kind of occasion.", labels=["occasion"])
        for occasion, count in sorted(self._desk.engine_counts.items()):
            chain.add_metric([occasion], count)
        yield chain


class NamedCounts(Collector):
    """Counters that a part keeps as plain numbers by name."""

    def __init__(self, name: str, text: str, read: Callable[[], Counts]) -> None:
        self._name, self._text, self._read = name, text, read

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        family = CounterMetricFamily(self._name, self._text, labels=["name"])
        for name, count in sorted(self._read().items()):
            family.add_metric([name], count)
        yield family


class RouteCollector(Collector):
    """What came by each foreign route, and when last."""

    def __init__(self, readers: Sequence[RouteReader]) -> None:
        self._readers = readers

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        family = CounterMetricFamily(
            "shouwang_route", "What came by a foreign route: messages received, ignored …; events.", labels=["route", "name"]
        )
        heard = GaugeMetricFamily("shouwang_route_last_seconds", "When a route brought its last message.", labels=["route"])
        for reader in self._readers:
            counts = asdict(reader.figures)
            heard.add_metric([reader.route.name], counts.pop("last_at") / 1000)
            for figures in (counts, *(asdict(each) for each in reader.beside)):
                _add_all(family, reader.route.name, figures)
        yield family
        yield heard


class ShadowCollector(Collector):
    """How far the shadow rules are behind, and what they cost; nothing where none was ever heard."""

    def __init__(self, file: Path, journaled_position: Callable[[], int]) -> None:
        self._file, self._journaled_position = file, journaled_position

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        progress = read_progress(self._file) if self._file.exists() else None
        if progress is None:
            return
        behind = self._journaled_position() - progress.position if progress.position else 0
        yield GaugeMetricFamily(
            "shouwang_shadow_behind_entries", "Entries journaled that the shadow rules have not heard yet.", value=max(behind, 0)
        )
        for name, text, value in (
            ("entries", "Entries that the shadow rules have heard.", progress.entry_count),
            ("cpu_seconds", "CPU seconds that the shadow rules have cost.", progress.cpu_s),
            ("faults", "Entries and timers that stopped the shadow rules' chain, and are passed over.", progress.fault_count),
        ):
            yield CounterMetricFamily(f"shouwang_shadow_{name}", text, value=value)


def _add_all(family: CounterMetricFamily, route: str, counts: Counts) -> None:
    for name, count in counts.items():
        family.add_metric([route, name.removesuffix("_count")], count)


class GaugesByLane(Collector):
    """One yes or no for each lane."""

    def __init__(self, name: str, text: str, read: Callable[[], Mapping[str, bool]]) -> None:
        self._name, self._text, self._read = name, text, read

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        family = GaugeMetricFamily(self._name, self._text, labels=["lane"])
        for lane, is_up in sorted(self._read().items()):
            family.add_metric([lane], is_up)
        yield family


def exposition(collectors: list[Collector]) -> Callable[[], bytes]:
    """A function that renders these collectors as Prometheus text."""
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    return lambda: generate_latest(registry)
