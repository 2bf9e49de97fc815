"""Why: the decisions of a case as a graph, from the raw events over rule, version and limit to who was sent and told.

Made from what the case keeps, its records and the facts of its timeline; nothing is decided here, and nothing is looked up
elsewhere. Every node and the whole say in Chinese and in English what they are. An edge reads "this, because of that".
"""

from collections.abc import Iterable
from typing import Final

from rules.decision import is_decision
from rules.definition import Card, Rule, RulePack
from rules.model import Alarm, Dispatch, EarlyWarning, Entity, Evidence, Fact, Incident, Reason
from rules.why_shape import CaseFile, Notice, Sort, Why, WhyEdge, WhyNode
from rules.why_words import (
    change_said,
    dispatch_said,
    event_said,
    judgement_said,
    notice_said,
    passed_over_said,
    record_said,
    whole_said,
)

NODES_MAX: Final = 500
"""Nodes of one graph: the first ones, which are the causes. What is beyond is counted in ``is_whole``."""


Record = EarlyWarning | Alarm | Dispatch | Incident
_SORTS: Final = {EarlyWarning: Sort.WARNING, Alarm: Sort.ALARM, Dispatch: Sort.DISPATCH, Incident: Sort.INCIDENT}
_QUIET: Final = ("shelved", "suppressed", "out_of_service")
_GATHERS: Final = ("opened", "alarmed", "reopened", "level_changed")
"""The facts of an incident that a warning or an alarm of the same instant has caused."""
_REASONS: Final = {
    "is": Reason.STATE_REPORTED,
    "rate": Reason.RATE_EXCEEDED,
    "count": Reason.COUNT_REACHED,
    "silent": Reason.WENT_SILENT,
    "quiet": Reason.WENT_SILENT,
    "unusual": Reason.UNLIKE_USUAL,
    "unusual_level": Reason.UNLIKE_USUAL,
    "report": Reason.REPORTED,
}
_UNTOLD: Final = ("repeated",)
"""Told in the number of the alarm's occurrences, not each by a node."""


def why(case: CaseFile, asked_id: str = "", pack: RulePack | None = None) -> Why | None:
    """Why this incident, or this warning, alarm or order of it. None where the case has no such record.

    ``pack`` adds what only it knows (delays, conditions) to the decisions that were taken under its version.
    """
    graph = _Graph(case, pack)
    asked = asked_id or case.incident.id
    if asked not in graph.records:
        return None
    graph.draw()
    nodes, edges = graph.part_of(asked)
    kept = nodes[:NODES_MAX]
    names = {node.id for node in kept}
    return Why(
        id=asked,
        entity=Entity(_SORTS[type(graph.records[asked])].value),
        incident_id=case.incident.id,
        sentence=whole_said(graph.records[asked], kept),
        nodes=kept,
        edges=tuple([edge for edge in edges if edge.node_id in names and edge.because_of_id in names]),
        is_whole=case.is_whole and len(kept) == len(nodes),
    )


def event_id_of(evidence: Evidence) -> str:
    """The node of a raw event: device and id, because ids are the devices' own."""
    return f"{evidence.device}/{evidence.event_id}"


class _Graph:
    """Nodes and edges while they are drawn, each once, in the order in which they came about."""

    def __init__(self, case: CaseFile, pack: RulePack | None) -> None:
        self.case = case
        self.pack = pack
        records: list[Record] = [*case.warnings, *case.alarms, case.incident, *case.dispatches]
        self.records: dict[str, Record] = {record.id: record for record in records}
        # of an alarm that was split off or merged away the case keeps old facts, and not the record
        self.facts = [fact for fact in case.facts if fact.entity_id in self.records]
        self.nodes: dict[str, WhyNode] = {}
        self.edges: dict[tuple[str, str], WhyEdge] = {}

    def draw(self) -> None:
        """From the facts, in their order, then from the records."""
        for fact in self.facts:
            if fact.transition not in _UNTOLD:
                self._draw_fact(fact)
        for record in self.records.values():
            self._record(record)
            if isinstance(record, EarlyWarning | Alarm):
                self._draw_own(record)
            elif isinstance(record, Dispatch):
                self._edge(record.id, self.case.incident.id, Reason.PLAN_ORDERED.value)
        for notice in self.case.notices:
            self._draw_notice(notice)
        records: tuple[EarlyWarning | Alarm, ...] = (*self.case.warnings, *self.case.alarms)
        for one in records:
            if one.cause_id in self.records:
                self._edge(one.id, one.cause_id, "symptom_of")

    def _draw_own(self, record: EarlyWarning | Alarm) -> None:
        """What the record itself says, where the story does not: what it rests on now, and that it belongs to the case."""
        told = [fact.id for fact in self.facts if fact.entity_id == record.id and is_decision(fact)]
        if record.evidence and not told:
            fact = Fact(
                id=f"{record.id}/evidence",
                at=record.opened_at,
                community=record.community,
                entity=Entity.ALARM if isinstance(record, Alarm) else Entity.WARNING,
                entity_id=record.id,
                incident_id=record.incident_id,
                transition="opened",
                from_state="",
                to_state=record.state,
                reason=_REASONS.get(record.evidence[-1].test, Reason.LIMIT_CROSSED),
                cause_id="",
                sentence=record.sentence,
                level=record.level,
                rule=record.rule,
                pack_version=record.pack_version,
                evidence=record.evidence,
            )
            self._judgement(fact)
            self._edge(record.id, fact.id, fact.reason.value)
        self._edge(self.case.incident.id, record.id, Reason.JOINED.value)

    def _draw_fact(self, fact: Fact) -> None:
        record = self.records[fact.entity_id]
        if is_decision(fact):
            self._judgement(fact)
            self._edge(self._record(record), fact.id, fact.reason.value)
        elif fact.entity is Entity.INCIDENT and fact.transition in _GATHERS:
            for other in self.facts:
                if other.entity in (Entity.WARNING, Entity.ALARM) and (other.at, other.cause_id) == (fact.at, fact.cause_id):
                    self._edge(self._record(record), other.entity_id, fact.reason.value)
        elif fact.entity is Entity.DISPATCH and fact.transition == "ordered":
            self._edge(self._record(record), self.case.incident.id, fact.reason.value)
        else:
            self._change(fact, record)

    def _record(self, record: Record) -> str:
        """The node of a warning, alarm, incident or order."""
        if record.id not in self.nodes:
            self._node(
                WhyNode(
                    id=record.id,
                    sort=_SORTS[type(record)],
                    at=record.ordered_at if isinstance(record, Dispatch) else record.opened_at,
                    sentence=dispatch_said(record) if isinstance(record, Dispatch) else record_said(record),
                    entity_id=record.id,
                    level=record.level,
                    rule=record.rule if isinstance(record, EarlyWarning | Alarm) else "",
                    pack_version=record.pack_version,
                    state=record.state,
                    target=record.responder if isinstance(record, Dispatch) else "",
                    passed_over=record.passed_over if isinstance(record, Dispatch) else (),
                    card=self._card_of(record) if isinstance(record, Alarm) else None,
                    passed_over_said=passed_over_said(record.passed_over) if isinstance(record, Dispatch) else (),
                )
            )
        return record.id

    def _judgement(self, fact: Fact) -> None:
        """A stage that counted as true, and the events on which it rests."""
        settled = fact.evidence[-1]
        rule = self._rule_of(fact)
        delay_s = None if rule is None else _delay_of(rule, fact)
        self._node(
            WhyNode(
                id=fact.id,
                sort=Sort.JUDGEMENT,
                at=fact.at,
                sentence=judgement_said(fact, rule, delay_s),
                entity_id=fact.entity_id,
                transition=fact.transition,
                reason=fact.reason.value,
                level=fact.level,
                rule=fact.rule,
                pack_version=fact.pack_version,
                test=settled.test,
                limit=settled.limit,
                delay_s=delay_s,
                guard=rule.guard_text if rule is not None else "",
            )
        )
        self._events(fact)

    def _events(self, fact: Fact) -> None:
        for item in fact.evidence:
            said = event_said(item, self.pack)
            node = WhyNode(id=event_id_of(item), sort=Sort.EVENT, at=item.received_at, sentence=said, evidence=item)
            self._node(node)
            self._edge(fact.id, node.id, item.test)

    def _change(self, fact: Fact, record: Record) -> None:
        """What happened to a record afterwards."""
        is_quieting = fact.to_state in _QUIET or fact.from_state in _QUIET
        sort = Sort.QUIETING if is_quieting else Sort.PERSON if fact.actor else Sort.CHANGE
        self._record(record)
        self._node(
            WhyNode(
                id=fact.id,
                sort=sort,
                at=fact.at,
                sentence=change_said(fact),
                entity_id=fact.entity_id,
                transition=fact.transition,
                reason=fact.reason.value,
                level=fact.level,
                rule=fact.rule,
                pack_version=fact.pack_version,
                actor=fact.actor,
                state=fact.to_state,
            )
        )
        self._events(fact)
        self._edge(fact.id, record.id, fact.reason.value)
        if fact.reason is Reason.ALARM_FOLLOWED:
            for other in self.facts:
                if other.entity is Entity.ALARM and other.transition == "opened" and other.cause_id == fact.cause_id:
                    self._edge(fact.id, other.entity_id, fact.reason.value)
                    self._edge(other.entity_id, fact.entity_id, "warned_before")

    def _draw_notice(self, notice: Notice) -> None:
        """Who was told, because of which of the records."""
        step = notice.key.split("/")[1] if notice.key.count("/") >= 2 else ""
        named = [name for name in self.records if step.endswith(f"_{name}")]
        spoken = [fact.entity_id for fact in self.facts if fact.at == notice.at and step.startswith(f"{fact.entity.value}_")]
        cause = (*named, *spoken, self.case.incident.id)[0]
        self._node(
            WhyNode(
                id=notice.key,
                sort=Sort.NOTIFICATION,
                at=notice.at,
                sentence=notice_said(notice.target, notice.state),
                entity_id=cause,
                transition=step,
                target=notice.target,
                state=notice.state,
            )
        )
        self._edge(notice.key, cause, "told")

    def _rule_of(self, said: Fact | Alarm) -> Rule | None:
        if self.pack is None or self.pack.version != said.pack_version:
            return None
        pack = self.pack.by_community.get(said.community, self.pack)
        return next((rule for rule in pack.rules if rule.id == said.rule), None)

    def _card_of(self, alarm: Alarm) -> Card | None:
        rule = self._rule_of(alarm)
        return None if rule is None else rule.card

    def _node(self, node: WhyNode) -> None:
        self.nodes.setdefault(node.id, node)

    def _edge(self, node_id: str, because_of_id: str, reason: str) -> None:
        self.edges.setdefault((node_id, because_of_id), WhyEdge(node_id, because_of_id, reason))

    def part_of(self, asked: str) -> tuple[tuple[WhyNode, ...], tuple[WhyEdge, ...]]:
        """What led to this record, and what was done about it itself; of an incident, everything."""
        kept = dict.fromkeys(self.nodes) if asked == self.case.incident.id else _causes(self.edges.values(), asked)
        for edge in self.edges.values():
            node = self.nodes[edge.node_id]
            if edge.because_of_id == asked and node.entity_id == asked:
                kept[edge.node_id] = None
        nodes = sorted([self.nodes[name] for name in kept], key=lambda node: (node.at, _ORDER[node.sort]))
        edges = tuple([edge for edge in self.edges.values() if edge.node_id in kept and edge.because_of_id in kept])
        return tuple(nodes), edges


_ORDER: Final = {sort: number for number, sort in enumerate(Sort)}


def _causes(edges: Iterable[WhyEdge], asked: str) -> dict[str, None]:
    """This node, and everything that it is because of."""
    because: dict[str, list[str]] = {}
    for edge in edges:
        because.setdefault(edge.node_id, []).append(edge.because_of_id)
    found = {asked: None}
    waiting = [asked]
    while waiting:
        for name in because.get(waiting.pop(), ()):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return found


def _delay_of(rule: Rule, fact: Fact) -> float | None:
    """How long the stage of this level had to hold; of several at one level the one that speaks with this limit."""
    stages = rule.warnings if fact.entity is Entity.WARNING else rule.alarms
    mine = [stage for stage in stages if stage.level is fact.level]
    if len(mine) > 1:
        limits = [item.limit for item in fact.evidence]
        mine = [
            stage for stage in mine if any(getattr(stage.condition.test, side, None) in limits for side in ("above", "below"))
        ]
    return mine[0].condition.on_delay_s if len(mine) == 1 else None
