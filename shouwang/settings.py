"""What can be set, where it is read from, and what it is when nobody says anything.

Order: the command line, then the environment (``SHOUWANG_MQTT__HOST=…``), then ``shouwang.toml`` in the data folder or named by ``--config``.
"""

import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

PACKS = Path(__file__).resolve().parent.parent / "rules" / "packs"


class SettingsError(ValueError):
    """The configuration cannot be used; the message lists every fault and what was expected."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mqtt(_Part):
    """The broker that events come from and states go to."""

    is_enabled: bool = True
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 1883
    username: str = ""
    password: str = ""
    version: Literal["5", "3.1.1"] = "5"
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")] = "shouwang"
    keepalive_s: Annotated[int, Field(ge=5, le=300)] = 15
    receive_max: Annotated[int, Field(ge=1, le=65535)] = 2000
    is_tls: bool = False
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""


class Webhook(_Part):
    """One system that is told of each decision by a signed POST."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    url: str
    secret: Annotated[str, Field(min_length=16)]
    allow_networks: tuple[str, ...] = ()  # CIDR; private addresses are refused unless listed


class Web(_Part):
    """The console and the API."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    origins: tuple[str, ...] = ()


class FrontDoor(_Part):
    """Where events and operator actions come in over HTTP; the unix socket is always there."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8081
    is_tcp: bool = True


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix="SHOUWANG_", env_nested_delimiter="__", extra="forbid", frozen=True)

    data: Path = Path("var")
    store_url: str = ""
    pack: Path = PACKS / "community.yaml"
    mqtt: Mqtt = Mqtt()
    web: Web = Web()
    front_door: FrontDoor = FrontDoor()
    webhooks: tuple[Webhook, ...] = ()
    people: dict[str, tuple[str, ...]] = {}  # party or responder → apprise addresses
    journal_keep_days: Annotated[int, Field(ge=1)] = 400  # GB 50440: alarm records at least one year
    lease_ttl_s: Annotated[float, Field(gt=0)] = 6.0
    metrics_token: str = ""  # may read /metrics and nothing else
    log_format: Literal["text", "json"] = "text"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
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
        if not config.is_file():
            raise SettingsError(
                f"There is no configuration file {config}. Leave --config out, or write one (docs/operations.md)."
            )
        os.environ["SHOUWANG_CONFIG"] = str(config.resolve())
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as fault:
        lines = [
            f"  {'.'.join(str(part) for part in each['loc'])}: {each['msg']} (came: {each['input']!r})" for each in fault.errors()
        ]
        raise SettingsError("The configuration has faults:\n" + "\n".join(lines)) from None


def prepare_folder(settings: Settings) -> None:
    """Make the data folder, private to the service's user."""
    settings.data.mkdir(parents=True, exist_ok=True)
    settings.data.chmod(0o700)


def token(settings: Settings, name: str) -> str:
    """A secret of this installation, made at first use and kept in a file that only the service's user can read."""
    file = settings.data / name
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    made = "sw_" + secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(made + "\n")
    return made
