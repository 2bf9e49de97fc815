"""What one rule remembers of one thing that it watches, and the rows in which that memory is kept.

A watch exists only while there is something to remember: a reading that crosses nothing costs one look-up and no memory.
Watches are kept in rows of 64, because the instant at which a device was last heard is part of the memory (a restart must
not invent a silence) and ten thousand rows for ten thousand heartbeats would be too many.
"""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from rules.actors import NOTHING_MET, actor_of, meet
from rules.days import Timetable
from rules.definition import Hazard, Key, Rule, Stage
from rules.impossible import ImpossibleSignal
from rules.model import Event, Level, Status
from rules.reach import reach_of
from rules.sequences import TermSignal
from rules.signal_kinds import make_signal
from rules.signals import Plain, Signal, state_of, to_ms
from rules.windows import SilenceSignal

ROW_SIZE: Final = 64
WATCHES_MAX: Final = 500_000
"""Watches of one rule that only remember (a rate, a silence). Device ids come from outside: past this, new ones are counted and
not watched for these; whatever crosses a limit or reports a state is always watched."""


class Row:
    """Watches that are saved together."""

    __slots__ = ("is_dirty", "name", "watches")

    def __init__(self, name: str) -> None:
        self.name = name
        self.watches: dict[str, Watch] = {}
        self.is_dirty = False


class Watch:
    """One rule, one key: its signals, and what they have led to."""

    __slots__ = (
        "active",
        "alarm_id",
        "armed_at",
        "community",
        "device",
        "key",
        "muted_rank",
        "muted_until_at",
        "name",
        "row",
        "serial",
        "signals",
        "silences",
        "speaking",
        "status",
        "terms",
        "tracks",
        "warned_rank",
        "warning_id",
        "zone",
    )

    def __init__(self, active: "ActiveRule", community: str, key: str, status: Status, serial: int) -> None:
        self.active = active
        self.community = community
        self.key = key
        self.status = status
        self.serial = serial
        self.name = f"watch {active.rule.id} {community} {slot_of(key, status)}"
        self.device = key if active.is_by_device else ""
        self.zone = ""
        self.warning_id = ""
        self.alarm_id = ""
        self.warned_rank = 0  # the level that was already warned of in this episode; 0 when all was well in between
        self.muted_rank = 0  # the level of a condition that outlived its closed case: only a worse one speaks again
        self.muted_until_at = 0  # from then on also a mere repetition speaks again
        self.tracks: Mapping[str, None] = NOTHING_MET  # what was met while its alarm condition holds: device/track
        self.speaking = 0  # of a gated rule: a bit for each stage that is true and may be spoken of
        self.armed_at: int | None = None
        self.signals: tuple[Signal, ...] = tuple([make_signal(stage) for stage in active.stages])
        self.silences = tuple([signal for signal in self.signals if isinstance(signal, SilenceSignal)])
        self.terms = tuple([signal for signal in self.signals if isinstance(signal, TermSignal)])
        self.row = active.row_of(serial)
        self.row.watches[self.name] = self

    @property
    def warnings(self) -> tuple[Signal, ...]:
        """The signals of the warning stages, the mildest first."""
        return self.signals[: self.active.warning_count]

    @property
    def alarms(self) -> tuple[Signal, ...]:
        """The signals of the alarm stages, the mildest first."""
        return self.signals[self.active.warning_count :]

    def is_needed(self) -> bool:
        """Whether there is still something to remember."""
        return bool(self.warning_id or self.alarm_id) or not all(signal.is_idle() for signal in self.signals)

    def stop_waiting(self) -> None:
        """Its silences are not watched until the next event."""
        for silence in self.silences:
            silence.stop()

    def is_of(self, event: Event) -> bool:
        """Whether this event, which was just seen, settled an alarm condition that holds."""
        return any(signal.is_on and signal.is_of(event) for signal in self.alarms)

    def is_update(self, event: Event) -> bool:
        """Whether this event, which was just seen, only tells more of something that was met since its alarm condition holds."""
        if not any(signal.is_on for signal in self.alarms):
            self.tracks = NOTHING_MET
            return False
        self.tracks, is_known = meet(self.tracks, event)
        return is_known

    def denies(self, event: Event) -> bool:
        """Whether this event, which was just seen, is an impossible reading."""
        return any(isinstance(signal, ImpossibleSignal) and signal.denies(event) for signal in self.signals)

    def due_at(self) -> int | None:
        """When time alone would move one of the signals."""
        dues = [due for signal in self.signals if (due := signal.due_at()) is not None]
        return min(dues) if dues else None

    def mute(self, level: Level, until_at: int) -> None:
        """The case was closed over a condition that still holds: only something new may speak again."""
        self.muted_rank = level.rank
        self.muted_until_at = until_at

    def set_right(self) -> None:
        """A person says that it is over: the signals begin anew."""
        for signal in self.alarms + self.warnings:
            signal.set_right()

    def dump(self) -> Plain:
        """Plain values from which ``load_watch`` makes the same watch again."""
        own = [self.serial, self.community, self.key, self.status, self.device, self.zone, self.warning_id, self.alarm_id]
        is_open = bool(self.warning_id or self.alarm_id)
        signals = [signal.dump(is_open=is_open) for signal in self.signals]
        met = [list(self.tracks)] if self.tracks else []
        gated = [self.speaking, *met] if self.speaking or met else []
        return [*own, self.warned_rank, self.muted_rank, self.muted_until_at, signals, *gated]


class ActiveRule:
    """A rule at work: its watches, and the cheap test that tells whether an event could begin one."""

    __slots__ = (
        "communities",
        "community",
        "error_count",
        "full_count",
        "has_memory",
        "has_rhythm",
        "hazard",
        "is_always",
        "is_by_device",
        "is_calm_silence",
        "is_gated",
        "is_sieve",
        "is_silence",
        "late_max_ms",
        "mode_words",
        "name",
        "next_serial",
        "opener",
        "opens_at",
        "quiet",
        "rows",
        "rule",
        "seen_count",
        "stages",
        "states",
        "table",
        "wake_above",
        "wake_below",
        "warning_count",
        "watch_count",
        "watches",
        "weight",
    )

    def __init__(self, rule: Rule, hazard: Hazard, community: str = "") -> None:
        self.community = community  # the only one that it is for, where a community has parameters of its own
        self.name = name_of(rule, community)
        self.stages = (*rule.warnings, *rule.alarms)
        self.warning_count = len(rule.warnings)
        self.watches: dict[str, dict[str, Watch]] = {}
        self.rows: dict[int, Row] = {}
        self.communities: dict[str, str] = {}
        self.next_serial = 0
        self.seen_count = 0
        self.error_count = 0
        self.watch_count = 0
        self.full_count = 0
        self.opens_at: int | None = None  # when its hours or days begin next, if a timer waits for that
        self.is_by_device = rule.key is Key.DEVICE
        reach = reach_of(tuple([stage.condition.test for stage in self.stages]))
        self.opener = reach.opener
        self.is_sieve = reach.is_sieve
        self.is_silence = reach.is_silence
        self.has_memory = reach.has_memory
        self.has_rhythm = reach.has_rhythm
        self.weight = reach.weight
        self.is_always = reach.is_always
        self.quiet = reach.quiet
        self.wake_above = reach.wake_above
        self.wake_below = reach.wake_below
        self.states = reach.states
        self.adopt(rule, hazard)

    def adopt(self, rule: Rule, hazard: Hazard) -> None:
        """Take over the same rule from another pack version: what it says is unchanged, what it belongs to may differ."""
        self.rule = rule
        self.is_calm_silence = self.is_silence and not self.has_rhythm and rule.guard is None and rule.unwatch is None
        self.hazard = hazard
        self.late_max_ms = to_ms(hazard.late_max_s)
        table = Timetable(rule.hours, rule.days)
        self.table = table if table.asks() else None
        parts: list[Rule | Stage] = [rule, *self.stages]
        self.mode_words = frozenset([name for part in parts for name in (*part.modes, *part.not_modes)])
        self.is_gated = self.table is not None or bool(self.mode_words)

    @property
    def is_latching(self) -> bool:
        """Whether its alarms stay until a person resets them: as the rule says, else as its hazard."""
        return self.hazard.is_latching if self.rule.is_latching is None else self.rule.is_latching

    def row_of(self, serial: int) -> Row:
        """The row that keeps the watch with this number."""
        number = serial // ROW_SIZE
        row = self.rows.get(number)
        if row is None:
            row = self.rows[number] = Row(f"watch/{self.name}/{number}")
        return row

    def has_room_for(self, event: Event) -> bool:
        """Whether a watch may begin for this event."""
        if self.watch_count * self.weight < WATCHES_MAX or not self.is_always or self.opener is not None:
            return True
        value = event.value
        return (value is not None and (value >= self.wake_above or value <= self.wake_below)) or state_of(event) in self.states

    def key_of(self, event: Event) -> str:
        """What this rule watches one of, for this event. Without a zone the device stands for its own place."""
        match self.rule.key:
            case Key.DEVICE:
                return event.device
            case Key.ZONE:
                return event.zone or event.device
            case Key.BUILDING:
                return event.zone.partition("/")[0] or event.device
            case Key.COMMUNITY:
                return ""
            case Key.ACTOR:
                return actor_of(event) or event.zone or event.device

    def zone_of(self, event: Event, watch: Watch) -> str:
        """Where the thing watched is, as far as this event tells; what it does not tell stays as it was."""
        if self.rule.key is Key.COMMUNITY:
            return ""
        if not event.zone:
            return watch.zone
        return event.zone.partition("/")[0] if self.rule.key is Key.BUILDING else event.zone

    def begin(self, community: str, key: str, status: Status) -> Watch:
        """A new watch, which remembers nothing yet."""
        community = self.communities.setdefault(community, community)  # one copy of the name for all
        watch = Watch(self, community, key, status, self.next_serial)
        self.next_serial += 1
        self.watch_count += 1
        self.watches.setdefault(community, {})[slot_of(key, status)] = watch
        return watch

    def drop(self, watch: Watch) -> None:
        """Forget a watch; forgetting it again does nothing."""
        if watch.row.watches.pop(watch.name, None) is not None:
            del self.watches[watch.community][slot_of(watch.key, watch.status)]
            self.watch_count -= 1

    def load_watch(self, plain: Plain) -> Watch:
        """The watch that ``Watch.dump`` saw."""
        serial, community, key, status, device, zone, warning_id, alarm_id = plain[:8]
        following = max(self.next_serial, cast(int, serial) + 1)
        self.next_serial = cast(int, serial)
        watch = self.begin(cast(str, community), cast(str, key), Status(cast(str, status)))
        self.next_serial = following
        watch.device, watch.zone = cast(str, device), cast(str, zone)
        watch.warning_id, watch.alarm_id = cast(str, warning_id), cast(str, alarm_id)
        watch.warned_rank, watch.muted_rank = cast(int, plain[8]), cast(int, plain[9])
        watch.muted_until_at = cast(int, plain[10])
        for signal, memory in zip(watch.signals, cast(list[Plain], plain[11]), strict=True):
            signal.load(memory)
        watch.speaking = cast(int, plain[12]) if len(plain) > 12 else 0
        watch.tracks = dict.fromkeys(cast(list[str], plain[13])) if len(plain) > 13 else NOTHING_MET
        return watch

    def all_watches(self) -> Iterator[Watch]:
        """Every watch, in the order in which they began."""
        found = [watch for row in self.rows.values() for watch in row.watches.values()]
        return iter(sorted(found, key=lambda watch: watch.serial))


def name_of(rule: Rule, community: str) -> str:
    """How a rule at work is called: by its id, and by its community where it is for one alone."""
    return f"{rule.id}@{community}" if community else rule.id


def slot_of(key: str, status: Status) -> str:
    """Where a watch stands among its rule's: an exercise has watches of its own, so that a drill cannot hide a fire."""
    return key if status is Status.ACTUAL else f"{status.value} {key}"
