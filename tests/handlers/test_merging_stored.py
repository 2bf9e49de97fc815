"""Incidents that are merged and split, as the chain tells it, fit into the store: at most one open for a hazard and place."""

import pytest

from handlers.apply import apply
from handlers.routes import Routes
from handlers.store import Store
from handlers.views import Views
from rules.effects import Effect
from rules.model import Entity
from tests.rules.test_merging import incident, merge, two


def written() -> list[tuple[Effect, ...]]:
    """Two cases are merged, split again at the place that is free again, and merged once more."""
    play = two()
    merge(play, 20)
    heat = next(alarm for alarm in play.records("alarm") if alarm.hazard == "heat")
    play.act(30, "li", "split", incident(play, "water").id, alarm=heat.id)
    play.play("40 | b1/u2/t2 temperature=15 | alarm opened")
    merge(play, 50)
    play.play("55 | b1/u2/t3 temperature=15 | alarm opened")
    return [(effect,) for effect in play.effects]


@pytest.mark.parametrize("is_one_batch", [True, False])
def test_the_index_of_open_incidents_is_respected(store: Store, epoch: int, views: Views, is_one_batch: bool) -> None:
    steps = written()
    batches = [tuple(effect for step in steps for effect in step)] if is_one_batch else steps
    for batch in batches:
        with store.transaction(epoch) as unit:
            apply(unit, batch, Routes())
    (joint,) = views.underway(Entity.INCIDENT)
    alarms = views.underway(Entity.ALARM)
    assert {alarm["incident_id"] for alarm in alarms} == {joint["id"]}
    assert len(alarms) == 4
    assert all(alarm["id"] in joint["alarm_ids"] for alarm in alarms)
