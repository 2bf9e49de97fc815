"""Whatever comes in, the live chain with a shadow in its pack says, keeps and waits for exactly what it would without it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.canonical import to_json
from rules.engine import Engine
from rules.model import Event, EventClass, Network
from rules.pack import read_pack
from tests.rules.test_shadow import PACK

LIVE_RULE = """
  smoke_detector:
    title: {zh: 烟感报警, en: Smoke detector}
    hazard: fire
    kinds: smoke
    alarms: [{level: red, state: "on"}]
    plan: fire
    source: ours
"""
SHADOW_RULES = """
  smoke_draft:
    title: {zh: 烟感草案, en: Smoke draft}
    hazard: fire
    kinds: smoke
    alarms: [{level: red, state: "on"}]
    plan: fire
    source: ours
    shadow: true
  silence_draft:
    title: {zh: 失联草案, en: Silence draft}
    hazard: fire
    kinds: temperature
    alarms: [{level: orange, silent_for: 10min}]
    plan: fire
    source: ours
    shadow: true
"""
WITHOUT = PACK[: PACK.index("  heat:")] + LIVE_RULE
WITH = PACK + LIVE_RULE + SHADOW_RULES
PLAIN, SHADOWED = read_pack(WITHOUT, "small.yaml"), read_pack(WITH, "small.yaml")

hot = st.tuples(st.just("temperature"), st.floats(0, 90))
smoke = st.tuples(st.just("smoke"), st.sampled_from(["on", "off"]))
told = st.lists(st.tuples(st.integers(0, 900), st.one_of(hot, smoke), st.sampled_from(["b01/u1/0101", "b01"])), max_size=30)


def event(number: int, kind: str, said: float | str, zone: str) -> Event:
    return Event(
        id=f"e-{number}",
        community="c01",
        network=Network.IOT,
        event_class=EventClass.READING if isinstance(said, float) else EventClass.ALARM,
        device=f"{kind}-{zone}",
        kind=kind,
        value=said if isinstance(said, float) else None,
        state=said if isinstance(said, str) else None,
        zone=zone,
    )


@given(told)
@settings(max_examples=60, deadline=None)
def test_live_decisions_are_the_same_bytes_with_and_without_shadows(
    story: list[tuple[int, tuple[str, float | str], str]],
) -> None:
    plain, shadowed = Engine(pack=PLAIN), Engine(pack=SHADOWED)
    at = 1_767_225_600_000
    for number, (after_s, (kind, said), zone) in enumerate(story, start=1):
        at += after_s * 1000
        entry = event(number, kind, said, zone)
        assert to_json(plain.receive(entry, at, number)) == to_json(shadowed.receive(entry, at, number))
        assert plain.next_deadline() == shadowed.next_deadline()
    at += 7_200_000
    assert to_json(plain.advance(at)) == to_json(shadowed.advance(at))
    assert kept(plain) == kept(shadowed)


def kept(engine: Engine) -> dict[str, bytes | None]:
    """What a snapshot holds, but for the text of the pack itself."""
    return {name: body for name, body in engine.take_changes().items() if name != "pack"}
