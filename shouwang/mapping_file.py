"""The file of a declarative mapping: YAML → a format of its own, or all its faults with line, column and what to do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from ingest.adapter import Format
from ingest.formats import FORMATS
from ingest.iot.quantity_words import quantity_of
from ingest.mapping import EventMapping, RecordMapping, format_of, normal
from ingest.mapping_conditions import MappedConditionError, compile_mapped_condition
from ingest.mapping_paths import PathError, compile_path
from rules.kinds import KINDS
from rules.model import EventClass, Network
from rules.pack_fields import Bilingual, ClassWord, Form, Id, Number
from rules.pack_shape import good_part, hold_to, suggest
from rules.pack_text import Fault, Faults, Tree, read_tree

EVENTS_MAX: Final = 20
_WORDS_MAX: Final = 100
_HEAD: Final = "映射文件有误，请逐条改正 / the mapping has faults; mend each:\n"
Scalar = str | bool | int | float
_FieldPath = tuple[str | int, ...]


class MappingFileError(ValueError):
    """A mapping that cannot be used; the message has every fault, in Chinese and English, a line each."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(_HEAD + "\n".join(f"  {fault}" for fault in faults))


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


class MappedEventForm(Form):
    """One event that a record may say."""

    class_: ClassWord = Field(alias="class", description="alarm, state, reading or heartbeat")
    kind: str = Field("heartbeat", description="what is measured or reported, as in docs/event-contract.md")
    when: str = Field("", description="CEL over record, message, topic: only then")
    value: str = Field("", description="path to the number")
    unit: str = Field("", description="the unit that the number is in, where it is not ours")
    factor: Number = Field(1.0, description="our number is theirs times factor plus offset")
    offset: Number = Field(0.0, description="see factor")
    state: str = Field("", description="path to the state")
    states: dict[str, Annotated[list[Scalar], BeforeValidator(_listed), Field(max_length=_WORDS_MAX)]] = Field(
        {}, description="our state → their words for it"
    )
    part: str = Field("", pattern=r"^[\w-]{0,64}$", description="the event is of this part: NAME.part")
    fault: str = Field("", pattern=r"^[\w-]{0,64}$", description="of a device_fault: which; also its part")
    attributes: dict[str, str] = Field({}, max_length=32, description="our name → path")


class MappingForm(Form):
    """The whole file."""

    mapping: Id = Field(description="the name of the format that this is")
    title: Bilingual = Field(description="what it is, in zh and en")
    network: Literal["iot", "video", "internet", "data"] = Field("iot", description="by which network it comes")
    payload: Literal["json", "text"] = Field("json", description="what a message is")
    each: str = Field("", description="path to the records in a message; left out: the message is the record")
    when: str = Field("", description="CEL over record, message, topic: other records are passed over")
    device: str = Field(description="path to the device's name, or topic:N")
    at: str = Field("", description="path to the time")
    id: str = Field(
        "", description="path to the record's own number: the same again is known by it, and heard where it says something else"
    )
    gateway: str = Field("", description="path to the gateway's name")
    latitude: str = Field("", description="path, in degrees (WGS 84)")
    longitude: str = Field("", description="path, in degrees")
    test: str = Field("", description="CEL: then it is a test")
    exercise: str = Field("", description="CEL: then it is an exercise")
    past: str = Field("", description="CEL: then it is a record of the past")
    events: list[MappedEventForm] = Field(min_length=1, max_length=EVENTS_MAX, description="what a record may say")


_PATHS: Final = ("each", "device", "at", "id", "gateway", "latitude", "longitude")
_CONDITIONS: Final = ("when", "test", "exercise", "past")


def read_mapping(path: Path) -> Format:
    """The format that this file describes. Raises MappingFileError with all faults at once."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise MappingFileError((Fault(str(path), 1, 1, f"无法读取 / cannot be read: {fault}"),)) from None
    return mapping_of(text, str(path))


def mapping_of(text: str, file: str) -> Format:
    """The same of a text; ``file`` is what its faults call it. Raises MappingFileError."""
    faults = Faults(file)
    form = _checked(text, faults)
    if form is None or len(faults):
        raise MappingFileError(faults.in_order())
    return format_of(_record_mapping(form))


def _checked(text: str, faults: Faults) -> MappingForm | None:
    tree = read_tree(text, faults)
    if tree is None:
        return None
    form = hold_to(MappingForm, tree, faults)
    value = tree.value if isinstance(tree.value, dict) else {}
    for name in _PATHS:
        _check_path(tree, (name,), value.get(name), faults)
    for name in _CONDITIONS:
        _check_condition(tree, (name,), value.get(name), faults)
    if isinstance(value.get("mapping"), str) and value["mapping"] in {*FORMATS, "native"}:
        faults.add(*tree.place_of(("mapping",)), f"名称已被占用 / {value['mapping']!r} is a format of ours; choose another name")
    if isinstance(each := value.get("each"), str) and ".." in each:
        faults.add(*tree.place_of(("each",)), "记录不可互相包含 / each may not use '..': records would lie within one another")
    if bool(value.get("latitude")) != bool(value.get("longitude")):
        faults.add(*tree.place_of(("latitude",)), "经纬度须成对 / latitude and longitude belong together")
    events = value.get("events")
    for index, part in enumerate(events if isinstance(events, list) else []):
        _check_event(tree, ("events", index), part, faults)
    return form


def _check_event(tree: Tree, at: _FieldPath, part: object, faults: Faults) -> None:
    said = part if isinstance(part, dict) else {}
    for name in ("value", "state"):
        _check_path(tree, (*at, name), said.get(name), faults)
    attributes = said.get("attributes")
    for name, path in attributes.items() if isinstance(attributes, dict) else ():
        _check_path(tree, (*at, "attributes", name), path, faults)
    _check_condition(tree, (*at, "when"), said.get("when"), faults)
    event = good_part(MappedEventForm, part)
    for name, why in _meaning_faults(event) if event is not None else ():
        faults.add(*tree.place_of((*at, name) if name else at), why)


def _check_path(tree: Tree, at: _FieldPath, text: object, faults: Faults) -> None:
    if isinstance(text, str) and text:
        try:
            compile_path(text)
        except PathError as fault:
            line, column, _ = tree.place_inside(at, 1, fault.column)
            faults.add(line, column, fault.message)


def _check_condition(tree: Tree, at: _FieldPath, text: object, faults: Faults) -> None:
    if isinstance(text, str) and text:
        try:
            compile_mapped_condition(text)
        except MappedConditionError as found:
            for line, column, message in found.faults:
                faults.add(*tree.place_inside(at, line, column)[:2], message)


def _meaning_faults(event: MappedEventForm) -> Iterator[tuple[str, str]]:
    """What is wrong with a well-formed event: at which of its fields, and what to do."""
    event_class = EventClass(event.class_)
    kinds = [name for each, name in KINDS if each is event_class] + ["heartbeat"] * (event_class is EventClass.HEARTBEAT)
    if event.kind not in kinds:
        yield "kind", f"没有该种类 / there is no {event.class_} of kind {event.kind!r}; {suggest(event.kind, kinds)}"
        return
    if event_class is EventClass.READING and not event.value:
        yield "kind", "读数需要 value / a reading needs value: the path to its number"
    if event_class is EventClass.STATE and not event.state:
        yield "kind", "状态需要 state / a state needs state: the path to its word"
    if event.value and event.state:
        yield "state", "value 与 state 只能其一 / value or state, not both"
    known = KINDS.get((event_class, event.kind))
    for word in event.states:
        if known is not None and known.states and word not in known.states:
            yield "states", f"没有该状态 / {event.kind} is never {word!r}; {suggest(word, known.states)}"
    if event.states and not event.state:
        yield "states", "states 需要 state / states needs state: the path to the word"
    if event.unit and _scale(event) is None:
        yield "unit", f"无法换算 / {event.kind} in {event.unit!r} cannot be converted; leave unit out and give factor and offset"
    if event.fault and event.kind != "device_fault":
        yield "fault", f"fault 只用于 device_fault / fault is for device_fault, not for {event.kind}"


def _scale(event: MappedEventForm) -> tuple[float, float] | None:
    """What the unit makes of the number, before factor and offset; None where it is not one of the kind's."""
    kind = KINDS.get((EventClass(event.class_), event.kind))
    if not event.unit or (kind is not None and kind.unit == event.unit):
        return 1.0, 0.0
    quantity = quantity_of(event.kind, event.unit)
    return None if quantity is None or quantity.kind != event.kind else (quantity.factor, quantity.added)


def _record_mapping(form: MappingForm) -> RecordMapping:
    return RecordMapping(
        name=form.mapping,
        zh=form.title.zh,
        en=form.title.en,
        network=Network(form.network),
        is_text=form.payload == "text",
        device=compile_path(form.device),
        events=tuple(_event_mapping(each) for each in form.events),
        place=(compile_path(form.latitude), compile_path(form.longitude)) if form.latitude else None,
        each=compile_path(form.each) if form.each else None,
        at=compile_path(form.at) if form.at else None,
        id=compile_path(form.id) if form.id else None,
        gateway=compile_path(form.gateway) if form.gateway else None,
        when=compile_mapped_condition(form.when) if form.when else None,
        test=compile_mapped_condition(form.test) if form.test else None,
        exercise=compile_mapped_condition(form.exercise) if form.exercise else None,
        past=compile_mapped_condition(form.past) if form.past else None,
    )


def _event_mapping(event: MappedEventForm) -> EventMapping:
    factor, added = _scale(event) or (1.0, 0.0)
    return EventMapping(
        event_class=EventClass(event.class_),
        kind=event.kind,
        when=compile_mapped_condition(event.when) if event.when else None,
        value=compile_path(event.value) if event.value else None,
        factor=factor * event.factor,
        added=added * event.factor + event.offset,
        state=compile_path(event.state) if event.state else None,
        states={normal(theirs): ours for ours, words in event.states.items() for theirs in words},
        part=event.part or event.fault,
        attributes={name: compile_path(path) for name, path in event.attributes.items()},
        constants={"fault": event.fault} if event.fault else {},
    )
