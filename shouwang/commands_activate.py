"""``shouwang rules activate``, ``history`` and ``rollback``: which rules are in force in the running service."""

import getpass
import json
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from rules.pack import PackError
from shouwang.exits import Exit
from shouwang.listening import address_of
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.pack_files import load_pack
from shouwang.settings import Settings
from simulator.recording import iso

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change, and what it would mean for what is open.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the timeline will say so. The login name when left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
ANSWER_S = 30.0


def activate(
    files: Annotated[list[Path], typer.Argument(help="The pack; then, where they lie elsewhere, packs that it extends.")],
    is_dry_run: DryRun = False,
    by: By = "",
    is_json: AsJson = False,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Put a pack in force in the running service: at once and whole, or not at all. 启用规则包。"""
    settings = settings_or_exit(config, data)
    try:
        pack_files = load_pack(files[0], tuple(files[1:]))
        pack_files.read()
    except PackError as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise stopped(
            f"{len(error.faults)} fault(s); the running pack stays as it is.  规则包有误，运行中的规则不变。", Exit.FAILED
        ) from None
    wish = {"text": pack_files.text, "actor": by or getpass.getuser(), "is_dry_run": is_dry_run}
    _show(_ask(settings, "POST", "", wish), is_dry_run=is_dry_run, is_json=is_json)


def rollback(
    version: Annotated[str, typer.Option(help="The version to go back to; the one before this when left out.")] = "",
    is_dry_run: DryRun = False,
    by: By = "",
    is_json: AsJson = False,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Put the pack that was in force before this one in force again. 回退到上一规则包。"""
    wish = {"version": version, "actor": by or getpass.getuser(), "is_dry_run": is_dry_run}
    _show(_ask(settings_or_exit(config, data), "POST", "/rollback", wish), is_dry_run=is_dry_run, is_json=is_json)


def history(is_json: AsJson = False, data: DataOption = None, config: ConfigOption = None) -> None:
    """List the packs that took over, the latest last: when, which, and who did it. 规则包启用记录。"""
    found = _ask(settings_or_exit(config, data), "GET", "", None)
    if is_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for one in found:
        typer.echo(f"{iso(one['at'])}  {one['pack']} {one['version']}  {one['digest'][:12]}  {one['actor']}")


def _ask(settings: Settings, method: str, path: str, body: dict[str, Any] | None) -> Any:
    """What the running service answers. Every refusal is told, with what to do."""
    try:
        service = (settings.data / "service-token").read_text(encoding="ascii").strip()
        transport = httpx.HTTPTransport(uds=address_of(settings.socket))
        with httpx.Client(transport=transport, timeout=ANSWER_S, trust_env=False) as client:
            headers = {"Authorization": f"Bearer {service}"}
            answer = client.request(method, f"http://front-door/internal/packs{path}", json=body, headers=headers)
    except (httpx.HTTPError, OSError) as fault:
        todo = "start it with 'shouwang run'.  服务未运行。"
        raise stopped(f"The service does not answer ({fault}): {todo}", Exit.FAILED) from None
    if answer.is_success:
        return answer.json()
    raise stopped(_refusal(answer), Exit.FAILED)


def _refusal(answer: httpx.Response) -> str:
    try:
        plain = answer.json()
    except ValueError:
        return f"{answer.status_code} {answer.text[:200]}"
    if "faults" in plain:
        return "\n".join([f"{one['file']}:{one['line']}:{one['column']}: {one['message']}" for one in plain["faults"]])
    error = plain.get("error", {})
    return f"{error.get('en', answer.text[:200])}  {error.get('zh', '')}".rstrip()


def _show(answer: dict[str, Any], *, is_dry_run: bool, is_json: bool) -> None:
    if is_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for change in answer["changes"]:
            typer.echo(f"{change['sentence']['zh']}\n  {change['sentence']['en']}")
        for one in answer["open"]:
            typer.echo(f"{one['sentence']['zh']}\n  {one['sentence']['en']}")
        typer.echo(_outcome(answer, is_dry_run=is_dry_run))
    raise typer.Exit(Exit.OK if is_dry_run or answer["is_active"] else Exit.FAILED)


def _outcome(answer: dict[str, Any], *, is_dry_run: bool) -> str:
    name = f"{answer['pack']} {answer['version']}"
    if is_dry_run:
        return f"{name}: nothing was changed (dry run).  试运行，未作更改。"
    if "position" not in answer:
        return f"{name} is in force already; nothing was changed.  该规则包已在运行。"
    if answer["is_active"]:
        return f"{name} is in force, journal position {answer['position']}.  规则包已启用。"
    return f"{name}: {answer['sentence']['en']}  {answer['sentence']['zh']}"
