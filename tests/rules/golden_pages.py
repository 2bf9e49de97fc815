"""The golden pages: all that the chain says of a small town, kept as text beside the tests and compared to the letter.

``python -m tests.rules.golden_pages`` writes them anew, into ``tests/rules/golden``. Read what has changed before you keep it:
``git diff tests/rules/golden``. Each page says in its first line what it shows.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from rules.alarm_record import AlarmKey, key_of, occurrences_of
from rules.by_cause import by_cause
from rules.card import card_page, without_card
from rules.definition import RulePack
from rules.delay_proposal import advice_of
from rules.effects import SaveAlarm, SaveDispatch, SaveIncident, SaveWarning
from rules.false_ratio import JudgedCase
from rules.hidden import Past
from rules.hiding import hidden_by_inhibitions, hidden_by_outages, same_hours_before
from rules.hiding_shelf import hidden_by_shelves
from rules.kpi import kpi
from rules.kpi_targets import figures_of
from rules.model import Event, Status, Verdict
from rules.pack import Fault, PackError, check_pack, read_pack
from rules.pack_bundle import bundle
from rules.pack_diff import compare, laid_out
from rules.place import Outage
from rules.promise import run_promises
from rules.reproduce import Cited, beside_of, by_name, is_decision, reproduce
from rules.rule_words import explain
from rules.sentence import about, confidence_said, duration, number
from rules.why import why
from rules.why_not import ObservedEngine
from rules.why_not_shape import Asked
from rules.why_shape import CaseFile, Notice, WhyEdge
from tests.rules import golden_figures
from tests.rules.golden_story import Story, shown, told
from tests.rules.score import T0, Play

FOLDER = Path(__file__).parent / "golden"
STORIES = ("fire", "water", "senses", "knocks", "chatter", "merges", "refusals", "days", "elsewhere", "edits", "rules_go")
"""The first four are long stories of a day, then come bad hours; in the last two the pack changes."""


def text_of(name: str) -> str:
    """One of the files beside the pages."""
    return (FOLDER / name).read_text(encoding="utf-8")


def town() -> RulePack:
    """The pack of the town."""
    return read_pack(text_of("town.yaml"), "town.yaml")


def next_text() -> str:
    """The pack of the town after a day's work: each line of ``town_edits.txt`` is ``before → after``, or ``→`` to leave out."""
    text = text_of("town.yaml")
    for row in text_of("town_edits.txt").splitlines()[1:]:
        before, _, after = row.partition(" → ")
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in the pack of the town"
        text = text.replace(before, after.replace("⏎", "\n"))
    return text


def pack_texts() -> dict[str, str]:
    """The packs that a story can activate: the town's, the same after a day's work, and the one that is made from it."""
    child = bundle("child", {name: text_of(f"{name}.yaml") for name in ("child", "town")})
    return {"now": text_of("town.yaml"), "next": next_text(), "child": child}


def played(name: str, pack: RulePack | None = None) -> tuple[Story, str]:
    """A story once it is over, and all that was said."""
    story = Story(Play(pack or town()), pack_texts() if name in STORIES[-2:] else None)
    return story, told(story, text_of(f"{name}.story"))


# ------------------------------------------------------------------------------------------------------- the pages


def story_page(name: str) -> Callable[[], str]:
    """What is said to a story."""

    def page() -> str:
        _, text = played(name)
        return f"What the engine says to golden/{name}.story, row by row, with the pack golden/town.yaml.\n\n{text}"

    return page


def snapshot_page() -> str:
    """The keys of the state, as they are saved when two stories are half over, and at their ends."""
    lines = ["What a snapshot keeps of the stories, half way and at the end.", ""]
    for name in ("fire", "water"):
        rows = text_of(f"{name}.story").strip().splitlines()
        story = Story(Play(town()))
        for part in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
            told(story, "\n".join(part))
            saved = story.play.engine.take_changes()
            lines += [f"# {name}, row {story.number}"]
            lines += [f"{key} {_short(key, text)}" for key, text in sorted(saved.items())]
    return "\n".join(lines) + "\n"


def _short(key: str, text: bytes | None) -> str:
    """The texts of packs stand in other files."""
    return "gone" if text is None else text.decode() if len(text) < 20_000 else f"{len(text)} bytes"


def why_page() -> str:
    """Why: the graph of every record of the stories."""
    lines = ["Why: the graph of every incident of the stories, and the sentence of every record in it.", ""]
    pack = town()
    for name in ("knocks", "merges"):
        story, _ = played(name)
        for case in cases_of(story.play):
            whole = why(case, pack=pack if name != "knocks" else None)
            assert whole is not None
            lines += [f"# {name}: {shown(whole.sentence)}", *_listed(whole)]
            records: list[Any] = [*case.warnings, *case.alarms, *case.dispatches]
            for one in records:
                found = why(case, one.id, pack)
                assert found is not None
                nodes = ", ".join(node.id for node in found.nodes)
                lines += [f"## {one.id}: {found.entity.value} {shown(found.sentence)}", f"    {nodes}"]
    return "\n".join(lines) + "\n"


def why_not_page() -> str:
    """Why not: what the rules made of places and devices in the stories."""
    lines = ["Why not: which rules looked at a place of the stories, how near they came, and what held them back.", ""]
    asked = [
        ("fire", Asked(zone="b1/u1", from_at=T0, until_at=T0 + 44_000)),
        ("fire", Asked(zone="b1/u1/0101", from_at=T0, until_at=T0 + 61_000, rule="hot", community="c1")),
        ("fire", Asked(zone="b3", from_at=T0 + 700_000, until_at=T0 + 860_000)),
        ("water", Asked(zone="garage", from_at=T0, until_at=T0 + 12_000)),
        ("water", Asked(zone="yard", from_at=T0 + 100_000, until_at=T0 + 400_000, community="c2")),
        ("water", Asked(zone="yard", device="cam2", from_at=T0, until_at=T0 + 300_000)),
        ("senses", Asked(zone="b1/u1", from_at=T0, until_at=T0 + 90_000)),
        ("senses", Asked(zone="b1", from_at=T0 + 500_000, until_at=T0 + 1_500_000)),
        ("senses", Asked(zone="gate", from_at=T0, until_at=T0 + 260_000)),
        ("elsewhere", Asked(zone="garage", from_at=T0, until_at=T0 + 40_000, community="c2")),
        ("elsewhere", Asked(zone="b1", from_at=T0, until_at=T0 + 19_000)),
        ("days", Asked(zone="b7", from_at=T0 + 1_170_000_000, until_at=T0 + 1_181_060_000)),
        ("knocks", Asked(zone="b1/u2", from_at=T0, until_at=T0 + 57_012_000)),
        ("knocks", Asked(zone="b1/u2", from_at=T0 + 57_040_000, until_at=T0 + 57_350_000)),
    ]
    pack = town()
    stories = {name: played(name, pack)[0] for name in dict.fromkeys(name for name, _ in asked)}
    for name, one in asked:
        story, engine = stories[name], ObservedEngine(one, pack=pack, read_pack=read_pack)
        near = [engine.is_near(entry) for _, entry in story.entries]
        for at, entry in story.entries:
            if at <= one.until_at:
                engine.receive(entry, at)
        engine.advance(one.until_at)
        lines += [f"# {name}: {shown(one)}", f"    near: {''.join('+' if each else '-' for each in near)}"]
        lines += _listed(engine.answer(T0))
    return "\n".join(lines) + "\n"


def record_page() -> str:
    """The record of alarms: figures, targets, what would have been hidden, and what would calm it."""
    lines = ["The record of alarms of the stories: figures, and what shelves, outages and inhibitions would have hidden.", ""]
    pack = town()
    for name in ("fire", "chatter", "merges"):
        story, _ = played(name)
        alarms, incidents, facts = latest(story.play, SaveAlarm), latest(story.play, SaveIncident), story.play.facts
        until_at = story.play.engine.now
        judged = [
            judged_case(one.rule, incidents[one.incident_id].id, incidents[one.incident_id].verdict) for one in alarms.values()
        ]
        judged += [judged_case("hot", "i-drill", Verdict.DRILL), judged_case("hot", "i-test", Verdict.FALSE, Status.TEST)]
        for from_at, end in ((T0, until_at + 1), (T0 + 80_000, T0 + 600_000)):
            report = kpi(facts, judged, pack, from_at=from_at, until_at=end)
            lines += [f"# {name}: the figures from {shown(from_at, 'at')} to {shown(end, 'at')}", *_listed(report)]
            lines += [f"    {shown(figure)}" for figure in figures_of(report.whole)]
        record = occurrences_of(facts, pack)
        lines += [f"# {name}: the occurrences", *[f"    {shown(one)}" for one in record]]
        lines += [f"    {shown(key_of(one, pack))}" for one in alarms.values()]
        past = Past(since_at=T0, until_at=until_at, occurrences=record, incidents=incidents, pack=pack)
        for key in list(dict.fromkeys(one.key for one in record))[:4]:
            lines += _preview(f"{name}: a shelf on {key.rule} at {key.place}", hidden_by_shelves(past, key, 45.0))
            lines += _preview(
                f"{name}: once on {key.rule} at {key.place}", hidden_by_shelves(past, key, 1000.0, is_one_shot=True)
            )
        lines += _preview(f"{name}: inhibitions", hidden_by_inhibitions(past, pack.inhibitions))
        outage = Outage(
            id="o", community="c1", zone="b1", device="", owner="li", reason="x", from_at=T0 + 10_000, until_at=T0 + 90_000
        )
        vital = replace(outage, zone="", device="s2", is_life_safety=True)
        whole = replace(outage, zone="", from_at=T0 + 86_400_000, until_at=T0 + 86_400_000 + 300_000)
        for one in (outage, vital, whole):
            days = same_hours_before(one, past)
            lines += _preview(f"{name}: {shown(one)} on {shown(days)}", hidden_by_outages(past, days))
        for share in (0.5, 0.9):
            lines += [f"# {name}: what would calm it by {share}", *[f"    {shown(one)}" for one in advice_of(past, share)]]
        vitals = frozenset(one.id for one in incidents.values() if one.is_life_safety)
        groups = by_cause(alarms.values(), alarms, vitals)
        lines += [f"# {name}: by cause", *[f"    {shown(one)}" for one in groups]]
    assert hidden_by_shelves(past, AlarmKey("c1", "none", "", Status.ACTUAL), 5.0).hidden == ()
    return "\n".join(lines) + "\n"


def reproduced_page() -> str:
    """Every decision, replayed from the events that it cites."""
    lines, pack = (
        ["Whether each decision of the stories follows from the events that it cites, and from nothing else.", ""],
        town(),
    )
    for name in STORIES[:4]:
        story, _ = played(name)
        entries = [Cited(at, entry) for at, entry in story.entries]
        known = by_name([one for one in entries if isinstance(one.entry, Event)])
        beside = beside_of(entries, story.play.facts)
        lines.append(f"# {name}: beside go {', '.join(one.entry.id for one in beside) or 'none'}")
        for fact in story.play.facts:
            if is_decision(fact):
                found = reproduce(pack, fact, known, beside)
                lost = reproduce(pack, fact, {}, ())
                lines.append(f"    {fact.rule} {fact.transition} {shown(replace(found, fact=fact).sentence)}")
                lines.append(f"        {found.is_same} of {found.event_count}; {shown(lost.sentence)} {shown(lost.missing)}")
    return "\n".join(lines) + "\n"


def pack_page() -> str:
    """The pack as it is understood, and its rules in words."""
    pack = town()
    lines = ["What golden/town.yaml means: each part as it is understood, as a comparison shows it, and each rule in words.", ""]
    parts = [*pack.rules, *pack.hazards.values(), *pack.plans.values(), *pack.responders, *pack.positions, *pack.parties.values()]
    for part in (*parts, *pack.inhibitions, *pack.modes.values(), *pack.kinds.values(), pack):
        name = getattr(part, "id", getattr(part, "name", ""))
        lines += [f"# {type(part).__name__} {name}", *_listed(part)]
        lines += [f"    · {field}: {text}" for field, text in laid_out(part, pack).items()]
    for each in (pack, pack.by_community["c2"]):
        for rule in each.rules:
            lines += [f"## {rule.id}", *[f"    {said.zh}\n    {said.en}" for said in explain(each, rule)]]
    lines += ["# cards", card_page({"town": pack, "c2": pack.by_community["c2"]})]
    lines += [rule.id for rule in without_card(pack)]
    return "\n".join(lines) + "\n"


def diff_page() -> str:
    """What the edits change."""
    old, new = town(), read_pack(next_text())
    child = read_pack(pack_texts()["child"], "child.yaml")
    lines = [
        "The differences that golden/town_edits.txt makes to the pack, there and back; and what they mean for what is open.",
        "",
    ]
    for one, other in ((old, new), (new, old), (old, child)):
        lines += [f"# {one.version} to {other.version}"]
        lines += [f"    {shown(change)}\n        {shown(change.sentence)}" for change in compare(one, other)]
    for name in STORIES[:7]:
        rows = text_of(f"{name}.story").strip().splitlines()
        for count in (len(rows) // 4, len(rows) // 2):
            story = Story(Play(old))
            told(story, "\n".join(rows[:count]))
            lines += [f"# {name} after {rows[count - 1]}"]
            lines += [f"    {shown(one)}" for one in story.play.engine.preview(new)]
    return "\n".join(lines) + "\n"


def faults_page() -> str:
    """What is said of bad packs and bad promises."""
    lines = ["Every fault of the bad packs of golden/bad_packs.txt, with its line and column, and of golden/town_test.yaml.", ""]
    for number_of, edit in enumerate(text_of("bad_packs.txt").split("\n====\n")[1:], 1):
        text = edited(edit)
        found = check_pack(text, "bad.yaml")
        lines += [f"# {number_of}: {' '.join(edit.split())[:90]}", *[f"    {fault}" for fault in found]]
    lines += ["# promises"]
    for outcome in run_promises(town(), text_of("town_test.yaml"), "town_test.yaml"):
        lines.append(f"    {shown(outcome)}")
    for name in ("bad_test.yaml", "odd_test.yaml"):
        lines += [f"# {name}", *[f"    {fault}" for fault in _faults_of(name)]]
    return "\n".join(lines) + "\n"


def _faults_of(name: str) -> tuple[Fault, ...]:
    """What is wrong with a file of promises."""
    try:
        run_promises(town(), text_of(name), name)
    except PackError as error:
        return error.faults
    raise AssertionError(f"{name} is not bad")


def edited(edit: str) -> str:
    """A whole pack, or the town's with changes: ``- what`` is replaced by the following lines that begin with ``+ ``."""
    text = text_of("town.yaml")
    main, *others = edit.split("@@ ")
    if others:
        files = dict(f"{other}\n".split("\n", 1) for other in others)
        return bundle("child", {"child": main} | {name: text if name == "town" else own for name, own in files.items()})
    if not edit.startswith("- ") or edit.count("\n") == 0:
        return edit + "\n"
    for part in f"\n{edit}".split("\n- ")[1:]:
        before, *after = [line.replace("⏎", "\n") for line in part.split("\n")]
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in the pack of the town"
        text = text.replace(before, "\n".join(line.removeprefix("+ ") for line in after))
    return text


def words_page() -> str:
    """Numbers and durations as they are said."""
    lines = ["Numbers, durations and confidences as people read them.", ""]
    values: tuple[float, ...] = (
        0.0,
        0.004,
        0.05,
        1 / 3,
        0.5,
        1.0,
        1.005,
        2.5,
        59.0,
        59.6,
        60.0,
        61.0,
        90.0,
        119.4,
        599.0,
        600.0,
        601.0,
        3599.0,
    )
    values += (3600.0, 3661.0, 5400.0, 7200.0, 86_399.0, 86_400.0, 90_000.0, 172_800.0, 1e6, 12_345.678, 1e12)
    lines += [f"    {value!r}: {number(value)} · {shown(duration(value))} · {shown(about(value))}" for value in (*values, 3.25)]
    lines += [f"    {value}: {shown(confidence_said(value))}" for value in (None, 0.0, 0.004, 0.5, 0.876, 0.995, 1.0)]
    return "\n".join(lines) + "\n"


def tables_page() -> str:
    """The kinds and the lifecycles, from rooms that are opened anew: what was made when they were first opened stays out."""
    lines = ["The tables that are made when their rooms are opened: the kinds, and the lifecycles.", ""]
    lines += [f"    {shown(kind)}" for kind in opened("rules.kinds").KINDS.values()]
    lifecycles = opened("rules.lifecycle")
    for one in (lifecycles.WARNING, lifecycles.ALARM, lifecycles.INCIDENT, lifecycles.DISPATCH):
        lines += [f"# {one.name}: begins in {one.initial}, ends in {', '.join(one.final)}"]
        lines += [f"    {state}: {step} > {after}" for (state, step), after in one.table.items()]
    return "\n".join(lines) + "\n"


def opened(name: str) -> ModuleType:
    """A room, opened once more."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES: dict[str, Callable[[], str]] = {
    **{f"{name}.txt": story_page(name) for name in STORIES},
    "snapshots.txt": snapshot_page,
    "why.txt": why_page,
    "why_not.txt": why_not_page,
    "record.txt": record_page,
    "reproduced.txt": reproduced_page,
    "pack.txt": pack_page,
    "diff.txt": diff_page,
    "faults.txt": faults_page,
    "words.txt": words_page,
    "tables.txt": tables_page,
    "figures.txt": golden_figures.page,
}


# --------------------------------------------------------------------------------------------------------- helpers


def latest(play: Play, sort: type) -> dict[str, Any]:
    """The last state of every record of a sort, by id."""
    name = fields(sort)[0].name
    found = [getattr(effect, name) for effect in play.effects if isinstance(effect, sort)]
    return {one.id: one for one in found}


def cases_of(play: Play) -> Iterator[CaseFile]:
    """What a store would keep of each incident."""
    sorts = {"warnings": SaveWarning, "alarms": SaveAlarm, "dispatches": SaveDispatch}
    states = ("", "owed", "delivered", "failed", "skipped")
    for number_of, incident in enumerate(latest(play, SaveIncident).values()):
        own: dict[str, Any] = {
            name: [one for one in latest(play, sort).values() if one.incident_id == incident.id] for name, sort in sorts.items()
        }
        notices = [
            Notice(key=one.key, target=one.target, state=states[index % len(states)], at=one.at)
            for index, one in enumerate(play.notifications)
            if one.incident_id == incident.id
        ]
        facts = [fact for fact in play.facts if fact.incident_id == incident.id]
        facts = facts[number_of % 2 * 3 :]  # of every other one the beginning of the story is lost
        yield CaseFile(incident=incident, facts=facts, notices=notices, is_whole=number_of % 2 == 0, **own)


def judged_case(rule: str, incident_id: str, verdict: Verdict, status: Status = Status.ACTUAL) -> JudgedCase:
    """What people found of a case."""
    return JudgedCase(rule=rule, incident_id=incident_id, verdict=verdict, status=status)


def _preview(title: str, preview: Any) -> list[str]:
    return [f"# {title}: {shown(preview.sentence)}", *_listed(preview)]


def _listed(value: Any) -> list[str]:
    """A record field by field, its lists of records item by item."""
    lines = []
    for field in fields(value):
        part = getattr(value, field.name)
        if isinstance(part, tuple) and part and isinstance(part[0], WhyEdge):
            lines += [f"    {one.node_id} because of {one.because_of_id}: {one.reason}" for one in part]
        elif isinstance(part, tuple) and part and is_dataclass(part[0]):
            lines += [f"    {field.name}:", *[f"        {shown(one)}" for one in part]]
        else:
            lines.append(f"    {field.name}: {shown(part, field.name)}")
    return lines


def write(names: Iterable[str]) -> None:
    """Write these pages."""
    for name in names:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")


if __name__ == "__main__":
    write(PAGES)
