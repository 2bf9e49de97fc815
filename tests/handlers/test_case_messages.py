"""Hooks in the form of another system: a message when the case itself has changed, each naming those before it."""

from dataclasses import replace

import pytest
from lxml import etree
from sqlalchemy import delete, select

from handlers.apply import apply
from handlers.exchange.told_case import Place
from handlers.routes import Form, Hook, Routes
from handlers.schema import outbox
from handlers.store import Store
from rules.effects import Effect, RecordFact, SaveIncident
from rules.model import Incident, Level, Sentence, Status
from tests.handlers.records import fact, incident
from tests.ingest.reading import Reader

CAP = Hook(name="city", form=Form.CAP, sender="desk@jade.example", place=Place(name=Sentence("翠苑", "Jade"), adcode="510107"))


def routes(*hooks: Hook) -> Routes:
    return Routes(has_mqtt=False, has_people=False, hooks=hooks)


def apply_all(store: Store, epoch: int, asked: Routes, *effects: Effect) -> list[tuple[str, bytes]]:
    with store.transaction(epoch) as unit:
        apply(unit, effects, asked)
        rows = unit.connection.execute(select(outbox).order_by(outbox.c.channel, outbox.c.key))
        return [(row.key, bytes(row.payload)) for row in rows]


def words(document: bytes, name: str) -> str:
    found = etree.fromstring(document).find(f".//{{*}}{name}")
    return "" if found is None else found.text or ""


def case(**changes: object) -> Incident:
    return replace(incident(at=1_772_445_600_000), **changes)  # type: ignore[arg-type]  # any field may be given by name


def test_the_life_of_a_case_goes_out_and_our_own_reader_hears_it(store: Store, epoch: int) -> None:
    begun = case(alarm_ids=("a-1",))
    milder = replace(begun, level=Level.ORANGE, changed_at=begun.changed_at + 60_000)
    seen = replace(milder, acknowledged_by="zhang", changed_at=begun.changed_at + 70_000)
    over = replace(seen, state="closed", closed_at=begun.changed_at + 80_000, changed_at=begun.changed_at + 80_000)
    told = [apply_all(store, epoch, routes(CAP), SaveIncident(each)) for each in (begun, begun, milder, seen, over)]
    assert [len(each) for each in told] == [1, 1, 2, 2, 3]  # neither a repeat nor an acknowledgement is news
    messages = [payload for _, payload in told[-1]]
    assert [words(each, "msgType") for each in messages] == ["Alert", "Update", "Update"]
    assert [words(each, "identifier") for each in messages] == ["i-1.1", "i-1.2", "i-1.3"]
    assert words(messages[2], "references").count(",") == 4
    route = Reader("cap")
    heard = [(event.device.partition(",")[2], event.state) for each in messages for event in route.events(each)]
    assert heard == [("i-1.1", "on"), ("i-1.2", "on"), ("i-1.1", "off"), ("i-1.3", "off"), ("i-1.2", "off")]


def test_back_to_an_earlier_level_is_news(store: Store, epoch: int) -> None:
    for step, level in enumerate((Level.RED, Level.ORANGE, Level.RED)):
        told = apply_all(store, epoch, routes(CAP), SaveIncident(case(level=level, changed_at=1_772_445_600_000 + step)))
    assert [words(payload, "severity") for _, payload in told] == ["Extreme", "Severe", "Extreme"]


def test_what_was_cleared_away_is_not_named_and_no_number_comes_twice(store: Store, epoch: int) -> None:
    apply_all(store, epoch, routes(CAP), SaveIncident(case()))
    (first, _), _ = apply_all(store, epoch, routes(CAP), SaveIncident(case(level=Level.ORANGE)))
    with store.transaction(epoch) as unit:
        unit.connection.execute(delete(outbox).where(outbox.c.key == first))
    told = apply_all(store, epoch, routes(CAP), SaveIncident(case(level=Level.BLUE)))
    assert [words(payload, "identifier") for _, payload in told] == ["i-1.2", "i-1.3"]
    assert words(told[1][1], "references").count("i-1.") == 1


@pytest.mark.parametrize(("form", "reader"), [(Form.NGSI_LD, "fiware"), (Form.OPEN311, "open311")])
def test_the_other_forms(store: Store, epoch: int, form: Form, reader: str) -> None:
    ((key, payload),) = apply_all(store, epoch, routes(Hook(name="other", form=form)), SaveIncident(case()))
    assert key.startswith("webhook:other:i-1:000001:")
    assert Reader(reader).one(payload).kind == "report"


def test_an_exercise_goes_out_as_one(store: Store, epoch: int) -> None:
    ((_, payload),) = apply_all(store, epoch, routes(CAP), SaveIncident(case(status=Status.EXERCISE)))
    assert words(payload, "status") == "Exercise"


def test_each_hook_hears_its_communities_in_its_form(store: Store, epoch: int) -> None:
    far, near = Hook(name="a", form=Form.CAP, communities=("elsewhere",)), Hook(name="b", form=Form.CAP)
    hooks = routes(far, near, Hook(name="c", communities=("jiayuan",)))
    told = apply_all(store, epoch, hooks, SaveIncident(case()), RecordFact(fact("f-1")))
    assert [key.split(":")[1] for key, _ in told] == ["b", "c"]
    assert words(told[0][1], "sender") == "shouwang@jiayuan"
