"""``shouwang care``: check and load a care list of references; names, telephones and identities are refused."""

from pathlib import Path
from typing import Annotated, Final

import typer

from dashboard.care_list import CareUnreadable, Purpose
from shouwang.care_file import CareFileError, CareList, read_care_list
from shouwang.care_store import CareStore
from shouwang.clock import wall_now
from shouwang.exits import Exit
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.settings import SettingsError, prepare_folder

app = typer.Typer(no_args_is_help=True, help="Care lists, by reference and purpose only.  关爱名单（只存引用）。")

FileArgument = Annotated[
    Path, typer.Argument(help="CSV with the columns reference, zone, purpose, holder, valid_until.", show_default=False)
]
_FAULTS_SHOWN_MAX: Final = 200


@app.command("check")
def check(file: FileArgument) -> None:
    """Say whether a list may be loaded, and every fault with line and column. Nothing is kept.  检查名单。"""
    typer.echo(_said(_read(file, "check")))


@app.command("load")
def load(
    file: FileArgument,
    community: Annotated[str, typer.Option(help="The community of the list.  所属社区。", show_default=False)],
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Keep these references as all that there are of the community, in place of those before.  载入名单。"""
    settings = settings_or_exit(config, data)
    found = _read(file, community)
    try:
        prepare_folder(settings)
        gone_count = CareStore(settings.data).replace(community, found.references)
    except CareUnreadable as fault:
        todo = "Delete that file in the data folder, and load the list of each community anew."
        raise stopped(
            f"What is loaded is damaged ({fault}). {todo}  已载入的名单损坏，请删除该文件后重新载入。", Exit.FAILED
        ) from None
    except (OSError, SettingsError) as fault:
        raise stopped(f"The list cannot be kept: {fault}  名单无法保存。", Exit.USAGE) from None
    typer.echo(f"{_said(found)}; loaded for {community} in place of {gone_count}.  已载入，替换原有 {gone_count} 条。")


def _read(file: Path, community: str) -> CareList:
    try:
        payload = file.read_bytes()
    except OSError as fault:
        raise stopped(f"{file} cannot be read: {fault.strerror}.  文件无法读取。", Exit.FAILED) from None
    try:
        return read_care_list(str(file), payload, community=community, now=wall_now())
    except CareFileError as fault:
        lines = str(fault).splitlines()
        more = len(lines) - _FAULTS_SHOWN_MAX - 1
        shown = [*lines[: _FAULTS_SHOWN_MAX + 1], *([f"  … 另有 {more} 处 / and {more} more"] if more > 0 else [])]
        raise stopped("\n".join(shown), Exit.FAILED) from None


def _said(found: CareList) -> str:
    counts = {purpose: sum(each.purpose is purpose for each in found.references) for purpose in Purpose}
    by_purpose = ", ".join(f"{purpose.value} {count}" for purpose, count in counts.items())
    return f"{len(found.references)} references ({by_purpose}), {found.expired_count} expired and left out"
