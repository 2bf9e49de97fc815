"""The form of an answer to "why not": which rules looked at a place, how near they came, and what held them back."""

from dataclasses import dataclass

from rules.model import Entity, Level, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which place, and when: ``from_at`` to ``until_at``, both included, in ms. Empty texts ask for nothing in particular."""

    zone: str
    from_at: int
    until_at: int
    device: str = ""
    rule: str = ""
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """One stage at one instant. ``share``, 0 to 1, is how much of the way was gone; at 1 the stage counts as true."""

    stage: str  # warning or alarm
    level: Level
    share: float
    is_true: bool  # whether the test itself held, its delay aside
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What held a rule back, and how often. ``word`` is one of ``why_not_words.HELD``."""

    word: str
    count: int
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One event as one rule took it; without an event, the rule's own memory at the end of the time asked about."""

    at: int
    event_id: str
    device: str
    kind: str
    value: float | str | None
    held: tuple[Held, ...]
    near: tuple[Near, ...]

    @property
    def share(self) -> float:
        """How near the nearest stage was."""
        return max([one.share for one in self.near], default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a rule did say."""

    at: int
    entity: Entity
    entity_id: str
    transition: str
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLook:
    """What one rule made of the place in this time."""

    rule: str
    title: Sentence
    hazard: str
    look_count: int
    share: float  # how near it came at the nearest
    nearest: Look | None
    last: Look | None
    held: tuple[Held, ...]
    spoken: tuple[Spoken, ...]
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The answer. ``replayed_from_at``: what happened before that instant is not in it (a window, a rhythm, an open alarm)."""

    asked: Asked
    pack_version: str
    replayed_from_at: int
    event_count: int  # that came from the place in this time
    last_heard_at: int | None  # when the last event before the end of this time came from the place
    unseen: tuple[Held, ...]  # events that no rule was shown, and why
    rules: tuple[RuleLook, ...]  # the nearest first
    quiet_rules: tuple[str, ...]  # rules that nothing from the place has concerned
    sentence: Sentence
