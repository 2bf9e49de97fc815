"""What a case of thousands costs: whoever joins it writes rows of the same size, and a look at it reads no more than a page."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select, text

from dashboard.incidents import TIMELINE_MAX
from dashboard.reads import CaseRows, StoreReads
from handlers import schema
from handlers.apply import apply
from handlers.gathered import DELIVERIES_MAX, MEMBERS_MAX
from handlers.routes import Form, Hook, Routes
from handlers.store import Store
from handlers.views import Views
from rules import primitive as p
from rules.canonical import to_json
from rules.effects import Effect, RecordFact, SaveAlarm, SaveIncident, SaveWarning
from rules.members import LISTED_MAX
from rules.model import Alarm, Level
from tests.handlers.records import alarm, fact, incident, notify, warning
from tests.rules.score import Play, event, hazard, pack, rule, stage

MANY = 3 * MEMBERS_MAX
HOOKS = (Hook(name="told", form=Form.FACT), Hook(name="cap", form=Form.CAP))


def write(store: Store, epoch: int, *effects: Effect, routes: Routes | None = None) -> None:
    with store.transaction(epoch) as unit:
        apply(unit, effects, routes or Routes())


def look(store_url: str, also_id: str = "") -> CaseRows:
    reads = StoreReads(store_url)
    try:
        found = reads.case("i-1", timeline_max=TIMELINE_MAX, also_id=also_id)
    finally:
        reads.close()
    assert found is not None
    return found


def test_the_rows_of_one_that_joins_are_as_great_for_the_last_as_for_the_hundreds_before(store: Store, epoch: int) -> None:
    """Rows and bytes that a batch leaves in the store, with all ways out; the store itself is not asked to count them."""
    wet = rule("wet", "water_level", hazard="water", warnings=(stage("yellow", p.Threshold(above=10)),))
    play = Play(pack(wet, hazards=(hazard("water"),)))
    routes = Routes(hooks=HOOKS, home_assistant="homeassistant")
    sizes = []
    for number in range(2 * LISTED_MAX + 50):
        effects = play.receive(event(f"d{number:05}", "water_level", 15, id=f"e{number:05}", zone="b1"), 1000 + number)
        is_measured = number in (LISTED_MAX + 50, 2 * LISTED_MAX + 49)
        before = written(store, epoch) if is_measured else {}
        write(store, epoch, *effects, routes=routes)
        if is_measured:
            sizes.append({key: row for key, row in written(store, epoch).items() if before.get(key) != row})
    few, many = sizes
    assert len(many) == len(few) <= 8
    assert sum(map(len, many.values())) < 1.1 * sum(map(len, few.values()))


def written(store: Store, epoch: int) -> dict[str, str]:
    """Every row of the store as text, by its table and key."""
    found: dict[str, str] = {}
    with store.transaction(epoch) as unit:
        for table in (schema.warning, schema.incident, schema.timeline, schema.outbox):
            for row in unit.connection.execute(select(table)):
                found[f"{table.name} {row[0]}"] = repr(tuple(row))
    return found


def test_a_look_at_a_case_of_many_reads_a_page_the_worst_first_and_counts_the_others(
    store: Store, epoch: int, store_url: str
) -> None:
    grave = alarm("a-00000", at=1)  # the first of all, red; it must not be pushed out by those that came later
    many = [SaveAlarm(_mild(f"a-{number:05}", number)) for number in range(1, MANY)]
    over = [SaveWarning(warning(f"w-{number:05}", at=number, ended_at=number + 1)) for number in range(MANY)]
    stands = SaveWarning(warning("w-stands", at=0))
    write(store, epoch, SaveIncident(incident()), SaveAlarm(grave), *many, *over, stands)
    case = look(store_url)
    assert [len(case.alarms), case.more_alarm_count] == [MEMBERS_MAX, MANY - MEMBERS_MAX]
    assert [case.alarms[0].id, case.alarms[-1].id] == ["a-00000", f"a-{MANY - 1:05}"]
    assert [len(case.warnings), case.more_warning_count] == [MEMBERS_MAX, MANY + 1 - MEMBERS_MAX]
    assert case.warnings[0].id == "w-stands"
    asked = look(store_url, also_id="a-00001")
    assert "a-00001" in [one.id for one in asked.alarms]
    assert asked.more_alarm_count == MANY - MEMBERS_MAX - 1
    assert "a-00001" not in [one.id for one in case.alarms]


def _mild(name: str, at: int) -> Alarm:
    return replace(alarm(name, at=at), level=Level.BLUE)


def test_of_many_deliveries_what_did_not_arrive_is_among_those_that_are_shown(store: Store, epoch: int, store_url: str) -> None:
    routes = Routes(hooks=HOOKS)
    early: list[Effect] = [RecordFact(fact("f-early")), notify("early")]
    later = [RecordFact(fact(f"f-{number:05}", at=2000 + number)) for number in range(DELIVERIES_MAX + 50)]
    write(store, epoch, SaveIncident(incident()), *early, *later, routes=routes)
    with store.transaction(epoch) as unit:
        arrived = schema.outbox.update().values(state="delivered", ended_at=3000)
        unit.connection.execute(arrived)
        failed = schema.outbox.update().where(schema.outbox.c.target == "early").values(state="failed")
        unit.connection.execute(failed)
    case = look(store_url)
    assert len(case.deliveries) == DELIVERIES_MAX
    assert case.more_delivery_count > 0
    assert [row["state"] for row in case.deliveries if row["target"] == "early"] == ["failed"]


def test_of_a_long_story_the_newest_lines_are_read_in_order(store: Store, epoch: int, views: Views) -> None:
    lines = [RecordFact(fact(f"f-{number:02}", at=1000 + number)) for number in range(12)]
    write(store, epoch, SaveIncident(incident()), *lines)
    some = views.incident("i-1", timeline_max=10)
    every = views.incident("i-1")
    assert some is not None
    assert every is not None
    assert [entry.fact["id"] for entry in some.timeline] == [f"f-{number:02}" for number in range(2, 12)]
    assert [some.is_timeline_whole, every.is_timeline_whole] == [False, True]
    exact = views.incident("i-1", timeline_max=12)
    assert exact is not None
    assert exact.is_timeline_whole
    assert to_json([entry.fact for entry in exact.timeline]) == to_json([entry.fact for entry in every.timeline])


def test_what_was_told_to_one_is_found_without_reading_what_is_owed_to_the_others(tmp_path: Path) -> None:
    """A case of thousands owes thousands of states on MQTT; the few messages of a hook are looked for at each that joins."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    store.migrate()
    asked = "SELECT key FROM outbox WHERE incident_id = 'i-1' AND channel = 'webhook:cap' ORDER BY key"
    with store.transaction(store.take_lease("test", now=0, ttl_s=60)) as unit:
        plan = [row[3] for row in unit.connection.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    store.close()
    assert "incident_id=? AND channel=?" in plan[0]
