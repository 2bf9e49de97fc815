"""What can be set, where it is read from, and what it is when nobody says anything.

Order: the command line, then the environment (``SHOUWANG_MQTT__HOST=…``), then the TOML file named by ``--config``.
"""

import ipaddress
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pydantic_settings
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from handlers.exchange.contract import SILENT_MAX_S, Purpose

PACKS = Path(__file__).resolve().parent.parent / "rules" / "packs"


class SettingsError(ValueError):
    """The configuration cannot be used; the message lists every fault and what was expected."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mqtt(_Part):
    """The broker that events come from and states go to."""

    is_enabled: bool = Field(default=True, description="whether there is a broker at all; HTTP alone is possible")
    host: str = Field("127.0.0.1", description="the broker's name or address")
    port: int = Field(1883, ge=1, le=65535, description="the broker's port")
    username: str = Field("", description="our account at the broker")
    password: str = Field("", repr=False, description="its password")
    version: Literal["5", "3.1.1"] = Field("5", description="the MQTT version to speak")
    client_id: str = Field(
        "shouwang",
        pattern=r"^[A-Za-z0-9_.-]{1,40}$",
        description="prefix of our sessions' client ids; keep it: the broker's queues hang on it",
    )
    keepalive_s: int = Field(15, ge=5, le=300, description="seconds after which a silent connection is doubted")
    receive_max: int = Field(2000, ge=1, le=65535, description="unacknowledged messages that we hold, per lane")
    is_tls: bool = Field(default=False, description="speak TLS 1.2 or newer")
    ca_file: str = Field(
        "", description="PEM file of the authority that signed the broker's certificate; empty: the machine's own"
    )
    cert_file: str = Field("", description="PEM file of our own certificate")
    key_file: str = Field("", description="PEM file of its key")
    home_assistant_prefix: str = Field(
        "",
        pattern=r"^[^+#\s]{0,80}$",
        description='where Home Assistant is told of warnings and alarms as entities, mostly "homeassistant"; empty: nowhere',
    )


def _network(text: str) -> str:
    ipaddress.ip_network(text)
    return text


class Webhook(_Part):
    """One system that is told by a signed POST: of each decision as our JSON, of each case as CAP, NGSI-LD, Open311 or
    GB/T 28181, or of what became of its work orders.
    """

    name: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    url: str = Field(pattern=r"^https?://[^/@]+(/.*)?$")
    secret: str = Field(min_length=16, repr=False)
    # CIDR; private addresses are refused unless listed
    allow_networks: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    form: Literal["fact", "cap", "ngsi_ld", "open311", "gb28181", "work_order"] = "fact"
    # the routes whose work orders it is told the results of: its own, so that no partner hears of another's
    orders_of: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], ...] = ()
    # what the forms of other systems say of us: a name that nobody else has, and where we are
    sender: str = Field("", pattern=r"^[^\s,<&]{0,200}$")
    place: str = ""
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    adcode: str = Field("", pattern=r"^([0-9]{6,12})?$")

    @model_validator(mode="after")
    def _of_a_device(self) -> Self:
        if self.form == "gb28181" and not re.fullmatch(r"[0-9]{20}", self.sender):
            raise ValueError(
                f"webhook {self.name}: form gb28181 needs the 20 digits as which the platform above knows us, as its sender"
            )
        return self

    @model_validator(mode="after")
    def _of_orders(self) -> Self:
        if (self.form == "work_order") != bool(self.orders_of):
            raise ValueError(
                f"webhook {self.name}: form work_order and orders_of go together: name the routes by which its own orders come"
            )
        return self


def _differently_named(hooks: tuple[Webhook, ...]) -> tuple[Webhook, ...]:
    names = [hook.name for hook in hooks]
    if len(set(names)) < len(names):
        raise ValueError("two webhooks have the same name; what is owed is known by it, so each needs its own")
    return hooks


def _from_json(value: Any) -> Any:
    """The environment holds texts; said here and not by the library, so that this fault is listed beside all others."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as fault:
        raise ValueError(f"it must be JSON: {fault}") from None


class ExchangePartner(_Part):
    """One partner of the data exchange: who may fetch incidents of which communities and hazards, and for what."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    communities: tuple[str, ...] = Field(min_length=1)
    hazards: tuple[str, ...] = Field(min_length=1)
    purpose: Purpose
    silent_max_s: int = Field(SILENT_MAX_S, ge=60)


def _differently_named_partners(partners: tuple[ExchangePartner, ...]) -> tuple[ExchangePartner, ...]:
    names = [partner.name for partner in partners]
    if len(set(names)) < len(names):
        raise ValueError("two partners have the same name; the token and the receipts are known by it, so each needs its own")
    return partners


class Web(_Part):
    """The console and the API."""

    host: str = Field("127.0.0.1", description="where the console and the API listen; put a TLS proxy in front before opening it")
    port: int = Field(8080, ge=0, le=65535, description="their port")
    origins: tuple[str, ...] = Field((), description='origins of proxies, for example ["https://desk.example.cn"]')


class ReportPage(_Part):
    """The page on which residents and guards report, without a login."""

    community: str = Field(
        "",
        pattern=r"^[A-Za-z0-9_.-]{0,64}$",
        description="the community that the public page `/report` reports for; empty: no page",
    )
    phone: str = Field("", pattern=r"^[0-9+() -]{0,32}$", description="the duty desk's telephone number, shown on that page")


class FrontDoor(_Part):
    """Where events come in over HTTP; the unix socket is always there."""

    host: str = Field("127.0.0.1", description="where events come in over HTTP")
    port: int = Field(8081, ge=0, le=65535, description="its port")
    is_tcp: bool = Field(default=True, description="whether it listens on TCP at all")


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix="SHOUWANG_", env_nested_delimiter="__", extra="forbid", frozen=True)

    data: Path = Field(Path("var"), description="the folder for journal, store and secrets")
    store_url: str = Field(
        "", repr=False, description="`postgresql+psycopg://user:password@host/name`; none: SQLite in the data folder"
    )
    pack: Path = Field(
        PACKS / "community.yaml",
        description="the rule pack that decides, until a person activates another one (docs/rule-packs.md)",
    )
    routes: Path | None = Field(
        None,
        description="the YAML file of the ways by which foreign formats come in (docs/integrators.md)",
    )
    mqtt: Mqtt = Mqtt()
    web: Web = Web()
    front_door: FrontDoor = FrontDoor()
    report_page: ReportPage = ReportPage()
    webhooks: Annotated[tuple[Webhook, ...], NoDecode, BeforeValidator(_from_json), AfterValidator(_differently_named)] = Field(
        (),
        description="JSON list of `{name, url, secret, allow_networks}`: systems that are told by signed POST of each fact; with "
        "`form` cap, ngsi_ld, open311 or gb28181 of each case, as `sender`, at `place`, `latitude`, `longitude`, `adcode`; with "
        "`form` work_order of what became of the work orders that came by the routes `orders_of` (docs/work-orders.md)",
    )
    people: Annotated[dict[str, tuple[str, ...]], NoDecode, BeforeValidator(_from_json)] = Field(
        {}, description="JSON object: party or responder → list of apprise addresses"
    )
    exchange: Annotated[
        tuple[ExchangePartner, ...], NoDecode, BeforeValidator(_from_json), AfterValidator(_differently_named_partners)
    ] = Field(
        (),
        description="JSON list of `{name, communities, hazards, purpose, silent_max_s}`: partners that fetch incidents; purpose "
        "is statistics, oversight or rescue (docs/exchange.md)",
    )
    journal_keep_days: int = Field(400, ge=1, description="days of journal to keep (GB 50440: alarm records at least one year)")
    lease_ttl_s: float = Field(6.0, gt=0, description="how long a silent writer keeps its lease")
    metrics_token: str = Field(
        "", repr=False, pattern=r"^(.{16,})?$", description="a token that may read /metrics and nothing else"
    )
    log_format: Literal["text", "json"] = Field("text", description="logs for people or for machines")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line wins over the environment, which wins over the file."""
        named = os.environ.get("SHOUWANG_CONFIG", "")
        file = TomlConfigSettingsSource(settings_cls, Path(named)) if named else None
        return (init_settings, env_settings, file) if file else (init_settings, env_settings)

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the store; SQLite in the data folder when nothing else is set."""
        return self.store_url or f"sqlite:///{self.data.resolve() / 'store.db'}"

    @property
    def socket(self) -> Path:
        """The unix socket of the front door. Its folder is private to the service's user."""
        return self.data.resolve() / "door.sock"


def load(config: Path | None = None, **given: Any) -> Settings:
    """Read the settings. Raises SettingsError with every fault at once."""
    if config is not None:
        os.environ["SHOUWANG_CONFIG"] = str(config.resolve())
    named = os.environ.get("SHOUWANG_CONFIG", "")
    if named and not Path(named).is_file():
        raise SettingsError(f"There is no configuration file {named}. Leave it out, or write one (docs/operations.md).")
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as fault:
        raise SettingsError("The configuration has faults:\n" + "\n".join(_lines(fault))) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise SettingsError(f"The configuration file {named} cannot be read: {fault}") from None
    except pydantic_settings.SettingsError as fault:
        raise SettingsError(f"The configuration has a fault: {fault}: {fault.__cause__}; it must be JSON.") from None


_SECRET = frozenset({"password", "secret", "store_url", "metrics_token", "webhooks", "people"})


def _lines(fault: ValidationError) -> Iterator[str]:
    """One line for each fault. What may be a secret, or the misspelt name of one, is not repeated."""
    for each in fault.errors():
        where = ".".join(str(part) for part in each["loc"])
        is_shown = not _SECRET & set(each["loc"]) and each["type"] not in {"extra_forbidden", "missing"}
        came = f" (came: {each['input']!r})" if is_shown and not isinstance(each["input"], Mapping) else ""
        yield f"  {where}: {each['msg']}{came}"


def prepare_folder(settings: Settings) -> None:
    """Make the data folder, private to the service's user. Raises SettingsError where that cannot be."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.data.chmod(0o700)
    except OSError as fault:
        raise SettingsError(
            f"The data folder {settings.data} cannot be used: {fault}. Name another one: --data FOLDER."
        ) from None
