"""Settings: where they come from, which wins, and what is said of those that cannot be used."""

from pathlib import Path

import pytest

from shouwang.settings import Settings, SettingsError, load, prepare_folder
from shouwang.settings_page import settings_table


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the tester's own; and what ``load`` notes for child processes is forgotten afterwards."""
    monkeypatch.setenv("SHOUWANG_CONFIG", "")
    monkeypatch.chdir(tmp_path)


def config(folder: Path, text: str) -> Path:
    file = folder / "shouwang.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(**environment: str) -> list[str]:
    """The lines of the refusal that this environment gets."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(f"SHOUWANG_{name}", value)
        with pytest.raises(SettingsError) as refused:
            load()
    return str(refused.value).splitlines()


def test_with_nothing_said_it_runs_on_this_computer_alone() -> None:
    settings = load()
    assert (settings.web.host, settings.front_door.host, settings.mqtt.host) == ("127.0.0.1",) * 3
    assert settings.pack.is_file()
    assert settings.database == f"sqlite:///{Path('var/store.db').resolve()}"
    assert settings.socket == Path("var/door.sock").resolve()


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = config(tmp_path, 'data = "from-file"\nlog_format = "json"\n[mqtt]\nhost = "from-file"\nport = 1884\n')
    monkeypatch.setenv("SHOUWANG_DATA", "from-environment")
    monkeypatch.setenv("SHOUWANG_MQTT__HOST", "from-environment")
    settings = load(file, data=Path("from-argument"))
    assert settings.data == Path("from-argument")
    assert settings.mqtt.host == "from-environment"
    assert (settings.mqtt.port, settings.log_format) == (1884, "json")
    assert load(file).data == Path("from-environment")
    assert load(file, data=None).mqtt.port == 1884


def test_a_child_process_finds_the_same_file(tmp_path: Path) -> None:
    load(config(tmp_path, "journal_keep_days = 7\n"))
    assert load().journal_keep_days == 7


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    said = faults(
        MQTT__PORT="99999", MQTT__HOSST="typo", WEB__PORT="eighty", LOG_FORMAT="xml", LEASE_TTL_S="0", WEBHOOKS="{", PEOPLE="[1]"
    )
    assert {line.split(":")[0].strip() for line in said[1:]} == {
        "mqtt.port",
        "mqtt.hosst",
        "web.port",
        "log_format",
        "lease_ttl_s",
        "webhooks",
        "people",
    }
    assert any("99999" in line for line in said)


@pytest.mark.parametrize(
    "environment",
    [
        {"WEBHOOKS": '[{"name": "city", "url": "https://c.example", "secret": "hunter2"}]'},
        {"WEBHOOKS": '[{"nam": "city", "url": "https://c.example", "secret": "hunter2-hunter2-hunter2"}]'},
        {"WEBHOOKS": '["hunter2"]'},
        {"PEOPLE": '{"property": "mailto://user:hunter2@example"}'},
        {"PEOPLE": "mailto://user:hunter2@example"},
        {"MQTT__PASSWD": "hunter2"},
        {"METRICS_TOKEN": "hunter2"},
        {"MQTT": '{"port": 0, "password": "hunter2"}', "MQTT__KEEPALIVE_S": "1"},
    ],
)
def test_a_secret_is_never_repeated(environment: dict[str, str]) -> None:
    assert "hunter2" not in "\n".join(faults(**environment))


def test_a_secret_is_not_in_the_settings_own_words() -> None:
    settings = Settings(
        mqtt={"password": "hunter2"},
        store_url="postgresql://u:hunter2@h/d",
        metrics_token="hunter2-hunter2-hunter2",
        webhooks=({"name": "c", "url": "https://c", "secret": "hunter2-hunter2-hunter2"},),
    )
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("hook", "field"),
    [
        ('{"name": "A b", "url": "https://c.example", "secret": "0123456789abcdef"}', "webhooks.0.name"),
        ('{"name": "a", "url": "ftp://c.example", "secret": "0123456789abcdef"}', "webhooks.0.url"),
        ('{"name": "a", "url": "https://u:p@c.example", "secret": "0123456789abcdef"}', "webhooks.0.url"),
        ('{"name": "a", "url": "https://c.example", "secret": "short"}', "webhooks.0.secret"),
        (
            '{"name": "a", "url": "https://c.example", "secret": "0123456789abcdef", "allow_networks": ["10.0.0.1/8"]}',
            "webhooks.0.allow_networks.0",
        ),
        ('{"name": "a", "url": "https://c.example", "secret": "0123456789abcdef", "form": "work_order"}', "webhooks.0"),
        (
            '{"name": "a", "url": "https://c.example", "secret": "0123456789abcdef", "form": "gb28181", "sender": "3402"}',
            "webhooks.0",
        ),
        ('{"name": "a", "url": "https://c.example", "secret": "0123456789abcdef", "orders_of": ["hotline"]}', "webhooks.0"),
    ],
)
def test_a_webhook_that_could_not_work_is_refused(hook: str, field: str) -> None:
    assert faults(WEBHOOKS=f"[{hook}]")[1].startswith(f"  {field}:")


def test_two_webhooks_of_one_name_are_refused() -> None:
    hook = '{"name": "a", "url": "https://c.example", "secret": "0123456789abcdef"}'
    assert "same name" in faults(WEBHOOKS=f"[{hook}, {hook}]")[1]


def test_webhooks_and_people_can_stand_in_the_file(tmp_path: Path) -> None:
    text = (
        'people = {property = ["json://h"]}\n[[webhooks]]\nname = "a"\nurl = "https://c.example"\nsecret = "0123456789abcdef"\n'
    )
    settings = load(config(tmp_path, text))
    assert settings.people == {"property": ("json://h",)}
    assert settings.webhooks[0].name == "a"


@pytest.mark.parametrize("how", ["argument", "environment"])
def test_a_file_that_is_not_there_is_not_passed_over(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = tmp_path / "missing.toml"
    monkeypatch.setenv("SHOUWANG_CONFIG", str(missing) if how == "environment" else "")
    with pytest.raises(SettingsError, match=r"missing\.toml"):
        load(missing if how == "argument" else None)


@pytest.mark.parametrize("text", ["mqtt = [", 'host = "\udcff"', "nonsense = 1"])
def test_a_file_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=r"bad\.toml|nonsense"):
        load(file)


def test_the_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    prepare_folder(load(data=folder))
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    prepare_folder(load(data=folder))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="--data"):
        prepare_folder(load(data=tmp_path / "file"))


def test_the_page_names_each_variable_once() -> None:
    rows = [line.split("|")[1].strip() for line in settings_table().splitlines()[2:]]
    assert len(rows) == len(set(rows)) > 20
    assert "`SHOUWANG_MQTT__HOST`" in rows
