"""The closed lists of words: networks, classes, levels, verbs, verdicts, and the reasons for every decision."""

from enum import StrEnum
from typing import Final


class Network(StrEnum):
    """Which of the four networks an event came in by."""

    IOT = "iot"  # 物联网
    VIDEO = "video"  # 视联网
    INTERNET = "internet"  # 互联网
    DATA = "data"  # 数联网


class EventClass(StrEnum):
    """What sort of fact an event is; it decides the lane."""

    ALARM = "alarm"
    STATE = "state"
    READING = "reading"
    HEARTBEAT = "heartbeat"


class Status(StrEnum):
    """Whether the world or a person made the fact happen (CAP 1.2 status, three of its values)."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


class Level(StrEnum):
    """China's four warning colours, the most severe first (突发事件应对法)."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def rank(self) -> int:
        """1 for RED to 4 for BLUE: the Roman numeral of the level."""
        return _RANKS[self]

    def is_worse_than(self, other: "Level") -> bool:
        """Whether this level is more severe than the other one."""
        return _RANKS[self] < _RANKS[other]


_RANKS: Final = {Level.RED: 1, Level.ORANGE: 2, Level.YELLOW: 3, Level.BLUE: 4}


class Entity(StrEnum):
    """What a fact of the timeline is about."""

    WARNING = "warning"  # 预警
    ALARM = "alarm"  # 报警
    INCIDENT = "incident"  # 警情
    DISPATCH = "dispatch"  # 处警
    DEVICE = "device"
    ZONE = "zone"
    PACK = "pack"
    JOURNAL = "journal"
    POSITION = "position"  # 席位


class Verdict(StrEnum):
    """Was it real? (核实)"""

    UNTRIAGED = "untriaged"
    REAL = "real"
    FALSE = "false"
    BENIGN = "benign"
    DRILL = "drill"


class Verb(StrEnum):
    """What an operator or a responder can ask of the chain."""

    ACKNOWLEDGE = "acknowledge"  # incident or alarm
    UNACKNOWLEDGE = "unacknowledge"  # incident or alarm
    VERIFY = "verify"  # incident; argument verdict
    SHELVE = "shelve"  # alarm; arguments reason, for_s, once
    UNSHELVE = "unshelve"  # alarm
    RESET = "reset"  # alarm, latched
    NAME_CAUSE = "name_cause"  # alarm; argument cause: the alarm of which it is a symptom, or "none"
    ORDER = "order"  # incident; argument responder
    ACCEPT = "accept"  # dispatch, and so on down
    DECLINE = "decline"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    COMPLETE = "complete"
    REASSIGN = "reassign"  # dispatch; argument responder
    MERGE = "merge"  # incident; argument into: the incident that takes it in
    SPLIT = "split"  # incident; argument alarm: the one that is a happening of its own
    NOTE = "note"  # incident; argument text
    CLOSE = "close"  # incident; argument verdict where still untriaged
    MAINTAIN = "maintain"  # device or zone; arguments reason, for_s, from_s, life_safety
    RESTORE = "restore"  # device or zone
    SET_MODE = "set_mode"  # zone ("*": the whole community); arguments mode, is_on, for_s, reason


class Speaker(StrEnum):
    """Whose words these are."""

    PERSON = "person"  # a resident, a passer-by, a caller
    GUARD = "guard"  # who works there: a guard, a grid worker
    AUTHORITY = "authority"
    DEVICE = "device"


NO_CAUSE: Final = "none"
"""In place of a cause: the one that a person named is taken back."""


class Reason(StrEnum):
    """Why the chain decided so. Closed: a new reason is a new member."""

    LIMIT_CROSSED = "limit_crossed"
    STATE_REPORTED = "state_reported"
    RATE_EXCEEDED = "rate_exceeded"
    UNLIKE_USUAL = "unlike_usual"
    LIMIT_FORESEEN = "limit_foreseen"
    VALUE_STUCK = "value_stuck"
    COUNT_REACHED = "count_reached"
    WENT_SILENT = "went_silent"
    REPORTED = "reported"
    SEQUENCE_SEEN = "sequence_seen"
    EXPECTED_MISSING = "expected_missing"
    COMBINATION_TRUE = "combination_true"
    SOURCES_AGREE = "sources_agree"
    WORSENED = "worsened"
    EASED = "eased"
    BACK_TO_NORMAL = "back_to_normal"
    ALARM_FOLLOWED = "alarm_followed"
    EXPIRY_REACHED = "expiry_reached"
    PLAN_ORDERED = "plan_ordered"
    OPERATOR_ASKED = "operator_asked"
    RESPONDER_ANSWERED = "responder_answered"
    DEADLINE_MISSED = "deadline_missed"
    DEADLINE_NEAR = "deadline_near"
    SHELF_TIME_OVER = "shelf_time_over"
    ALL_RECOVERED = "all_recovered"
    JOINED = "joined"
    CORROBORATED = "corroborated"
    INHIBITED = "inhibited"
    CAUSE_NAMED = "cause_named"
    CAUSE_ENDED = "cause_ended"
    RETURNED_ONCE = "returned_once"
    MERGED = "merged"
    SPLIT = "split"
    INCIDENT_CLOSED = "incident_closed"
    RULE_REMOVED = "rule_removed"
    PACK_ACTIVATED = "pack_activated"
    PACK_REFUSED = "pack_refused"
    DELIVERY_FAILED = "delivery_failed"
    POSITION_SET_ASIDE = "position_set_aside"
    RESUMED = "resumed"
    FLOOD_BEGAN = "flood_began"
    FLOOD_OVER = "flood_over"
    MODE_ENDED = "mode_ended"
    OUT_OF_SERVICE = "out_of_service"
    MAINTENANCE_OVER = "maintenance_over"
    # why an event was not looked at
    DUPLICATE = "duplicate"
    RETAINED = "retained"
    TOO_LATE = "too_late"
    CLOCK_AHEAD = "clock_ahead"
    CLOCK_UNSET = "clock_unset"
    OUR_CLOCK_OFF = "our_clock_off"
    OUR_CLOCK_RIGHT = "our_clock_right"
    TEST_ONLY = "test_only"
    GUARD_UNJUDGED = "guard_unjudged"
    VALUE_IMPOSSIBLE = "value_impossible"
    # why an action was refused
    UNKNOWN_ENTITY = "unknown_entity"
    ILLEGAL_NOW = "illegal_now"
    LIFE_SAFETY_NOT_SHELVED = "life_safety_not_shelved"
    ARGUMENT_MISSING = "argument_missing"
    NO_RESPONDER = "no_responder"
    # why a responder was passed over
    NOT_CAPABLE = "not_capable"
    OFF_DUTY = "off_duty"
    BUSY = "busy"
    FARTHER = "farther"
    DECLINED_BEFORE = "declined_before"
