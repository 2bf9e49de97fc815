"""The file of routes: YAML → the ways by which foreign formats come in, or all its faults with line, column and what to do."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from ingest.adapter import Format
from ingest.areas import NEAR_KM, Spot
from ingest.formats import FORMATS
from ingest.refusal import Refused
from ingest.route import CONNECTIONS_MAX, IDLE_S, PUSHES_PER_MINUTE_MAX, Listen, Push, Route
from ingest.text import clean_name, clean_zone
from ingest.topic_filters import fault_of_filter
from ingest.topics import PART_LENGTH_MAX
from rules.model import Network
from rules.pack_fields import Duration, Form, Id, Words
from rules.pack_shape import good_part, hold_to, suggest
from rules.pack_text import Fault, Faults, Tree, read_tree
from shouwang.mapping_file import MappingFileError, read_mapping
from shouwang.pull_form import PullForm, faults_of_pull, pull_of

ROUTES_MAX: Final = 200
_LISTENING: Final = "gb26875"
DEVICES_MAX: Final = 20_000


class RouteFileError(ValueError):
    """A file of routes that cannot be used; the message has every fault, in Chinese and English, a line each."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        head = "接入配置有误，请逐条改正 / the file of routes has faults; mend each:\n"
        super().__init__(head + "\n".join(f"  {fault}" for fault in faults))


def _push_of(value: object) -> object:
    """``push: true`` is a push with nothing said of it."""
    return {} if value is True else None if value is False else value


class PushForm(Form):
    """How a route takes messages over HTTP."""

    per_minute_max: int = Field(PUSHES_PER_MINUTE_MAX, ge=1, le=600_000, description="requests a minute, before it answers 429")
    key_in_url: bool = Field(default=False, description="for platforms that can be given an address only: ?key=… is taken too")


class ListenForm(Form):
    """Where a route listens for connections of its own."""

    port: int = Field(ge=1, le=65535, description="the port that transmitters connect to")
    host: str = Field("127.0.0.1", description="the address to listen at; 0.0.0.0: every one of this machine")
    idle: Duration = Field(IDLE_S, ge=10, description="silence after which a connection is ended, such as 10min")
    connections_max: int = Field(CONNECTIONS_MAX, ge=1, le=10_000, description="connections at a time")


class SpotForm(Form):
    """Where on Earth the community is: a warning for elsewhere is of no concern."""

    latitude: float = Field(ge=-90, le=90, description="degrees north, WGS 84")
    longitude: float = Field(ge=-180, le=180, description="degrees east, WGS 84")
    codes: dict[str, str] = Field({}, max_length=20, description='codes of its regions by their names, as adcode: "510107"')
    near_km: float = Field(NEAR_KM, ge=0, le=1000, description="how far outside of an area still counts as near")


class RouteForm(Form):
    """One route."""

    format: str = Field("", description="one of those that 'shouwang adapters' lists")
    mapping: str = Field("", description="instead of a format: the file of a declarative mapping, from this file's folder on")
    community: str = Field(description="the community that its devices belong to")
    network: Literal["iot", "video", "internet", "data"] | None = Field(None, description="the format's own where none is said")
    topics: Words = Field([], description="MQTT topic filters to listen to")
    push: Annotated[PushForm | None, BeforeValidator(_push_of)] = Field(None, description="true: taken at POST /v1/push/NAME")
    listen: ListenForm | None = Field(None, description=f"a TCP port of its own: for {_LISTENING}")
    pull: PullForm | None = Field(None, description="what it asks by itself, and how often")
    zone: str = Field("", description="where a device is that zones does not name")
    zones: dict[str, str] = Field({}, max_length=DEVICES_MAX, description="device → where it is")
    names: dict[str, str] = Field({}, max_length=DEVICES_MAX, description="device → how we call it")
    confidence: float = Field(
        1.0, gt=0, le=1, description="how sure an alarm is that does not say it: what this site has found out; 1 says nothing"
    )
    spot: SpotForm | None = Field(None, description="where the community is, for warnings that name an area")


class RouteFileForm(Form):
    """The whole file."""

    routes: dict[Id, RouteForm] = Field(max_length=ROUTES_MAX, description="name → route")


def read_routes(path: Path) -> tuple[Route, ...]:
    """The routes of this file, in its order. Raises RouteFileError with all faults at once."""
    faults = Faults(str(path))
    routes = _read(_text(path), path.parent, faults)
    if len(faults):
        raise RouteFileError(faults.in_order())
    return routes


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        why = f"不是 UTF-8 文本，请另存为 UTF-8 / is not UTF-8 text (byte {fault.start}): save it as UTF-8"
    except OSError as fault:
        why = f"无法读取 / cannot be read: {fault.strerror}"
    raise RouteFileError((Fault(str(path), 1, 1, why),))


def _read(text: str, folder: Path, faults: Faults) -> tuple[Route, ...]:
    tree = read_tree(text, faults)
    if tree is None:
        return ()
    whole = hold_to(RouteFileForm, tree, faults)
    for name, part in _parts(tree):
        for path, said in (*_faults_of_format(part, folder), *_faults_of(part)):
            faults.add(*tree.place_of(("routes", name, *path)), said)
    return () if whole is None or len(faults) else tuple(_route(name, form, folder) for name, form in whole.routes.items())


def _parts(tree: Tree) -> Iterator[tuple[str, RouteForm]]:
    """The routes that are well formed, so that what they say is judged even where another one is not."""
    routes = tree.value.get("routes") if isinstance(tree.value, dict) else None
    for name, value in routes.items() if isinstance(routes, dict) else ():
        if (part := good_part(RouteForm, value)) is not None:
            yield name, part


def _faults_of_format(part: RouteForm, folder: Path) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if bool(part.format) == bool(part.mapping):
        yield (), "请写明 format 或 mapping，二者择一 / give format or mapping, one of them"
    elif part.format and part.format not in FORMATS:
        yield ("format",), f"没有格式 / there is no format {part.format!r}; {suggest(part.format, FORMATS)}"
    elif part.mapping:
        try:
            _format_of(part, folder)
        except MappingFileError as error:
            for fault in error.faults:
                yield ("mapping",), f"映射文件有误 / the mapping has a fault: {fault}"


def _format_of(part: RouteForm, folder: Path) -> Format:
    return FORMATS[part.format] if part.format else read_mapping(folder / part.mapping)


def _faults_of(part: RouteForm) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with a well-formed route: where in it, and what to do."""
    if not part.topics and part.push is None and part.listen is None and part.pull is None:
        yield (), "没有接入方式 / it has no way in: give topics, or push: true"
    for path, why in () if part.pull is None else faults_of_pull(part.pull):
        yield ("pull", *path), why
    if part.listen is not None and part.format != _LISTENING:
        yield (
            ("listen",),
            f"只有 {_LISTENING} 自带端口 / only {_LISTENING} listens at a port; give topics or push",
        )
    for index, each in enumerate(part.topics):
        if why := fault_of_filter(each):
            yield ("topics", index), f"主题过滤器不可用 / the topic filter {each!r} will not do: {why}"
    yield from _bad_names(("community",), part.community)
    yield from _bad_zone(("zone",), part.zone)
    for device, zone in part.zones.items():
        yield from _bad_zone(("zones", device), zone)
    for device, name in part.names.items():
        yield from _bad_names(("names", device), name)
    yield from _same_names(part.names)


def _bad_names(path: tuple[str, ...], name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    found = clean_name(path[0], name)
    if isinstance(found, Refused) or len(name) > PART_LENGTH_MAX:
        why = found.detail if isinstance(found, Refused) else f"expected at most {PART_LENGTH_MAX} characters, came {len(name)}"
        yield path, f"名称不可用 / this name will not do: {why}"


def _bad_zone(path: tuple[str, ...], zone: str) -> Iterator[tuple[tuple[str, ...], str]]:
    found = clean_zone(zone)
    if isinstance(found, Refused):
        yield path, f"区域不可用，应形如 b03/u1/0502 / this zone will not do: {found.detail}"


def _same_names(names: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    first: dict[str, str] = {}
    for device, name in names.items():
        other = first.setdefault(name, device)
        if other != device:
            yield (
                ("names", device),
                f"与另一设备重名，一方的恢复会结束另一方的报警 / {other!r} is called {name!r} too; each needs its own name",
            )


def _route(name: str, form: RouteForm, folder: Path) -> Route:
    known = _format_of(form, folder)
    push, spot, listen = form.push, form.spot, form.listen
    return Route(
        name=name,
        format=known,
        community=form.community,
        network=Network(form.network or known.network),
        topics=tuple(form.topics),
        push=None if push is None else Push(per_minute_max=push.per_minute_max, may_use_url_key=push.key_in_url),
        listen=None if listen is None else _listen(listen),
        pull=None if form.pull is None else pull_of(form.pull, folder),
        zones=form.zones,
        zone=form.zone,
        names=form.names,
        confidence=form.confidence,
        spot=None if spot is None else _spot(spot),
    )


def _spot(form: SpotForm) -> Spot:
    return Spot(latitude=form.latitude, longitude=form.longitude, codes=tuple(form.codes.items()), near_km=form.near_km)


def _listen(form: ListenForm) -> Listen:
    return Listen(host=form.host, port=form.port, idle_s=form.idle, connections_max=form.connections_max)
