"""What every route may use: one typed record, made once by ``create_app`` and reached from the request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, cast

from fastapi import Depends, Request

from dashboard.access import Caller
from dashboard.backoff import BackOff
from dashboard.care_list import CareReference
from dashboard.frontdoor import FrontDoor
from dashboard.hub import Hub
from dashboard.metrics import Metrics
from dashboard.partners import Partners
from dashboard.photo_store import PhotoStore
from dashboard.reads import StoreReads
from dashboard.sessions import Sessions
from dashboard.shadow_shape import ShadowsHeard, nothing_heard
from dashboard.tokens import Tokens
from dashboard.trial_shape import Trials
from handlers.exchange.contract import Partner
from rules.definition import Responder, RulePack
from rules.model import Sentence
from rules.why_not_shape import Asked, WhyNot


def no_pack() -> RulePack | None:
    """No rule pack is at hand."""
    return None


def no_past_pack(_at: int, _version: str) -> RulePack | None:
    """No rule pack of the past is at hand."""
    return None


def no_care(_: int) -> Sequence[CareReference]:
    """No care list is at hand."""
    return ()


class JournalUnreadable(Exception):  # noqa: N818 - a state of the disk, not a mistake
    """The journal cannot be read from here: damaged, or on another machine. The text says more."""


def no_journal(_: Asked) -> WhyNot:
    """No journal is at hand."""
    raise JournalUnreadable("this process has no journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What the web can look into beside the store.

    ``look_back`` replays the journal and may raise JournalUnreadable; ``pack_at`` knows the pack of a version at an instant [ms];
    ``shadows`` compares shadow rules with the live ones in a stretch [ms], None where none was heard, or raises ShadowsTooMany.
    """

    look_back: Callable[[Asked], WhyNot] = no_journal
    pack_at: Callable[[int, str], RulePack | None] = no_past_pack
    shadows: Callable[[int, int], ShadowsHeard | None] = nothing_heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """What is known beside the store.

    ``find_responders``, ``find_names`` (of parties and responders by id) and ``find_pack``: what the rule pack says;
    ``find_care``: the care references valid at an instant [ms]; ``hindsight``: the past.
    """

    find_responders: Callable[[], Sequence[Responder]] = tuple
    find_names: Callable[[], Mapping[str, Sentence]] = dict
    find_pack: Callable[[], RulePack | None] = no_pack
    find_care: Callable[[int], Sequence[CareReference]] = no_care
    hindsight: Hindsight = field(default_factory=Hindsight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The web process's belongings."""

    reads: StoreReads
    front_door: FrontDoor
    tokens: Tokens
    hub: Hub
    metrics: Metrics
    clock: Callable[[], int]
    version: str
    find_responders: Callable[[], Sequence[Responder]] = tuple
    find_names: Callable[[], Mapping[str, Sentence]] = dict
    find_pack: Callable[[], RulePack | None] = no_pack
    find_care: Callable[[int], Sequence[CareReference]] = no_care
    hindsight: Hindsight = field(default_factory=Hindsight)
    looking_back: Lock = field(default_factory=Lock)  # one such question at a time: it is a minute of work
    trials: Trials = field(default_factory=Trials)
    trying: Lock = field(default_factory=Lock)  # one trial at a time
    origins: frozenset[str] = frozenset()
    partners: Partners = field(default_factory=Partners)
    action_timeout_s: float = 10.0
    sessions: Sessions = field(default_factory=Sessions)
    backoff: BackOff = field(default_factory=BackOff)
    photos: PhotoStore | None = None  # those that came with residents' reports, where there is such a page


def web_of(request: Request) -> Web:
    """The record of the app that this request came to."""
    return cast(Web, request.app.state.web)


def caller_of(request: Request) -> Caller:
    """Who is asking; only for routes that are not public."""
    return cast(Caller, request.state.caller)


def partner_of(request: Request) -> Partner:
    """Which partner is asking; only for routes of the data exchange, which nobody else gets into."""
    return cast(Partner, caller_of(request).partner)


Here = Annotated[Web, Depends(web_of)]
Asking = Annotated[Caller, Depends(caller_of)]
Fetching = Annotated[Partner, Depends(partner_of)]
