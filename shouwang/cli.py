"""The command line: ``shouwang COMMAND``. Each command says in its help what it does, and in its errors what to do."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from shouwang import (
    __version__,
    commands_adapters,
    commands_alarms,
    commands_backtest,
    commands_baseline,
    commands_care,
    commands_decode,
    commands_drill,
    commands_explain,
    commands_journal,
    commands_load,
    commands_past,
    commands_record,
    commands_replay,
    commands_report,
    commands_rules,
    commands_scenario,
    commands_shadow,
    commands_why_not,
    logs,
    ports,
)
from shouwang.commands_adapters import pushing_routes
from shouwang.demo import DemoWishes, run_demo
from shouwang.exits import Exit
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.probe import probe
from shouwang.settings import Settings, SettingsError, prepare_folder
from shouwang.shadow_wanted import WANTED
from shouwang.supervisor import Supervisor
from shouwang.tokens import token

ROLES = ("chain", "web", "shadow")

app = typer.Typer(
    name="shouwang",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="守望: the alert desk of a residential community. 预警 → 报警 → 处警.",
)
app.add_typer(commands_rules.app, name="rules")
app.add_typer(commands_journal.rejected, name="rejected")
app.add_typer(commands_report.app, name="report")
app.add_typer(commands_care.app, name="care")
app.add_typer(commands_scenario.app, name="scenario")
app.add_typer(commands_shadow.app, name="shadow")
app.command("replay")(commands_replay.replay)
app.command("record")(commands_record.record)
app.command("load")(commands_load.load)
app.command("backtest", cls=commands_backtest.ManyFiles)(commands_backtest.backtest_command)
app.command("decode")(commands_decode.decode)
app.command("adapters")(commands_adapters.adapters)
app.command("journal")(commands_journal.journal)
app.command("alarms")(commands_alarms.alarms)
app.command("explain")(commands_explain.explain)
app.command("chatter")(commands_past.chatter)
app.command("outages")(commands_past.outages)
app.command("why-not")(commands_why_not.why_not)
app.command("drill")(commands_drill.drill)
app.command("baseline")(commands_baseline.baseline)


@app.callback()
def root() -> None:
    """Nothing is done before a command is named."""


@app.command()
def run(
    config: ConfigOption = None,
    data: DataOption = None,
    role: Annotated[str, typer.Option(help="all, or one part where the parts live apart: chain, web, shadow.")] = "all",
) -> None:
    """Run the service: the chain (journal, rules, store, outbox), the web (API, stream, console), the shadow rules."""
    settings = settings_or_exit(config, data)
    if role not in {"all", *ROLES}:
        raise stopped(f"There is no role {role!r}; it is all, chain, web or shadow.", Exit.USAGE)
    for name in ("token", "service-token", "ingest-token"):
        _token_or_exit(settings, name)  # before both processes look for them
    roles = ROLES if role == "all" else (role,)
    _stop_on(ports.refusals(settings, roles))
    os.environ["SHOUWANG_DATA"] = str(settings.data.resolve())
    if role != "all":
        os.execv(sys.executable, [sys.executable, "-m", f"shouwang.role_{role}"])
    logs.configure(settings.log_format, "supervisor")
    typer.echo(f"守望 Shouwang {__version__}: http://{settings.web.host}:{settings.web.port}/", err=True)
    typer.echo(f"登录令牌 login token: {settings.data / 'token'}  ('shouwang token' prints it)", err=True)
    wanted = settings.data.resolve() / WANTED
    code = asyncio.run(Supervisor(ROLES, is_wanted=lambda _: wanted.exists()).run())
    if code == Exit.TAKEN:  # lost after the look: somebody else was quicker
        _stop_on(ports.lost(settings, roles), Exit.TAKEN)
    raise typer.Exit(code)


def _stop_on(refusals: Sequence[ports.Refusal], code: Exit | None = None) -> None:
    """Say each, and end with this code or the first's; go on where there is none."""
    for refusal in refusals:
        typer.echo(refusal.said, err=True)
    if refusals:
        raise typer.Exit(code or refusals[0].code)


@app.command()
def demo(
    scenario: Annotated[str, typer.Option(help="One of 'shouwang scenario list', or a file.")] = "kitchen_fire",
    speed: Annotated[float, typer.Option(min=1, max=100, help="How many times faster than life.")] = 4.0,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The console's port; 0 takes a free one.")] = 8080,
    seed: Annotated[int, typer.Option(help="Another seed, another community.")] = 1,
    devices: Annotated[
        int | None, typer.Option(min=10, max=100_000, help="A community of so many devices; the scenario's own if none.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", min=1, help="End after so many seconds; else with the scenario.")
    ] = None,
    broker: Annotated[str, typer.Option(help="Use this broker (mqtt://user:password@host:port), not the embedded one.")] = "",
    is_headless: Annotated[bool, typer.Option("--headless", help="No live view: plain lines.")] = False,
    has_no_console: Annotated[bool, typer.Option("--no-console", help="Do not build the web console first.")] = False,
    has_no_people: Annotated[bool, typer.Option("--no-people", help="Nobody acts but you, on the console.")] = False,
) -> None:
    """Show a simulated community: broker, service, console and people on this computer. Exit code 0 only if its truth was met."""
    del has_no_console  # the front door script acts on it
    wishes = DemoWishes(
        scenario=scenario,
        speed=speed,
        port=port,
        seed=seed,
        devices=devices,
        seconds=seconds,
        broker=broker,
        is_headless=is_headless or not sys.stdout.isatty(),
        has_people=not has_no_people,
    )
    raise typer.Exit(run_demo(wishes))


@app.command("token")
def show_token(
    config: ConfigOption = None,
    data: DataOption = None,
    name: Annotated[
        str,
        typer.Option(
            help="token: people; ingest-token: publishing events over HTTP; push-ROUTE: its pushes; exchange-NAME: that partner."
        ),
    ] = "token",
) -> None:
    """Print a token of this installation; it is made when there is none yet."""
    settings = settings_or_exit(config, data)
    known = ["token", "ingest-token", *(f"push-{each}" for each in pushing_routes(settings))]
    known += [f"exchange-{each.name}" for each in settings.exchange]
    if name not in known:
        raise stopped(f"There is no token {name!r}; it is {', '.join(known)}.  没有此令牌。", Exit.USAGE)
    typer.echo(_token_or_exit(settings, name))


def _token_or_exit(settings: Settings, name: str) -> str:
    try:
        prepare_folder(settings)
        return token(settings, name)
    except SettingsError as fault:
        raise stopped(str(fault), Exit.USAGE) from None


@app.command()
def health(
    config: ConfigOption = None,
    data: DataOption = None,
    is_quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing; the exit code says it.")] = False,
) -> None:
    """Ask the running service whether a critical alarm would be handled now. Exit code 0 only if so."""
    lines, is_good = probe(settings_or_exit(config, data))
    if not is_quiet:
        for line in lines:
            typer.echo(line)
    raise typer.Exit(Exit.OK if is_good else Exit.FAILED)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(f"shouwang {__version__}")


def main() -> None:
    """The entry point."""
    app()
