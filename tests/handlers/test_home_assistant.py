"""Home Assistant is told of each warning and alarm while it lasts, and of nothing where nobody asked for it."""

import json
import re
from dataclasses import replace

from sqlalchemy import select

from handlers.apply import apply
from handlers.home_assistant import discovery_config, discovery_topic
from handlers.routes import Routes
from handlers.schema import outbox
from handlers.store import Store
from rules.effects import Effect, SaveAlarm, SaveIncident, SaveWarning
from rules.model import Status
from tests.handlers.records import alarm, incident, warning

ASKED = Routes(home_assistant="homeassistant")
STATE = "shouwang/v1/jiayuan/out/alarm/a-1"
ANNOUNCED = "homeassistant/binary_sensor/shouwang_jiayuan/a-1/config"


def owed(store: Store, epoch: int, effects: list[Effect], routes: Routes = ASKED) -> dict[str, bytes]:
    with store.transaction(epoch) as unit:
        apply(unit, effects, routes)
        return {row.target: bytes(row.payload) for row in unit.connection.execute(select(outbox))}


def test_an_alarm_is_announced_with_its_state_topic_while_it_lasts(store: Store, epoch: int) -> None:
    told = owed(store, epoch, [SaveIncident(incident()), SaveAlarm(alarm())])
    config = json.loads(told[ANNOUNCED])
    assert config["state_topic"] == config["json_attributes_topic"] == STATE
    assert config["device_class"] == "smoke"
    assert config["name"] == "报警 alarm · fire · b03/u1/0502"
    assert config["device"] == {
        "identifiers": ["shouwang_jiayuan"],
        "name": "守望 Shouwang · jiayuan",
        "manufacturer": "Shouwang",
    }
    assert config["value_template"] == "{{ 'ON' if value_json.is_active else 'OFF' }}"
    assert json.loads(told[STATE])["is_active"] is True  # what the template reads

    told = owed(store, epoch, [SaveAlarm(alarm(ended_at=2000, state="normal"))])
    assert told[ANNOUNCED] == told[STATE] == b""  # an empty retained message takes both away


def test_a_warning_is_announced_and_an_incident_is_not(store: Store, epoch: int) -> None:
    told = owed(store, epoch, [SaveIncident(incident()), SaveWarning(warning())])
    announced = [topic for topic in told if topic.startswith("homeassistant/")]
    assert announced == [discovery_topic("homeassistant", warning())]
    config = json.loads(told[announced[0]])
    assert config["name"].startswith("预警 early warning · ")
    assert json.loads(told[config["state_topic"]])["ended_at"] is None  # what the template reads


def test_where_nobody_asked_nothing_is_announced(store: Store, epoch: int) -> None:
    assert not [topic for topic in owed(store, epoch, [SaveAlarm(alarm())], Routes()) if "binary_sensor" in topic]


def test_the_announcement_is_the_same_for_all_states_of_a_record() -> None:
    later = replace(alarm(), state="acknowledged", is_active=False, changed_at=9000, occurrence_count=4)
    assert discovery_config(alarm(), STATE) == discovery_config(later, STATE)


def test_an_exercise_says_so_by_its_name() -> None:
    config = json.loads(discovery_config(replace(alarm(), status=Status.EXERCISE), STATE))
    assert config["name"].startswith("演练 exercise · 报警 alarm")


def test_any_name_makes_a_topic_that_home_assistant_takes_and_no_two_meet() -> None:
    names = ["a/b", "a_b", "a+b", "嘉园", "花园", "x" * 300, "x" * 301]
    topics = [discovery_topic("homeassistant", replace(alarm(), community=name, id=name)) for name in names]
    assert len(set(topics)) == len(topics)
    for topic in topics:
        assert re.fullmatch(r"homeassistant/binary_sensor/[A-Za-z0-9_-]+/[A-Za-z0-9_-]+/config", topic)
