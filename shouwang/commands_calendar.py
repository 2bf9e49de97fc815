"""``shouwang rules calendar``: a year's holidays and make-up workdays, to be put into a pack."""

from typing import Annotated

import typer

from shouwang.exits import Exit

_MISSING = "This needs the package holidays: pip install 'shouwang[calendar]'.  需要 holidays，请按此安装。"
_NOT_ANNOUNCED = (
    "no make-up workdays are known yet, so days off may be missing too; ask again with a newer holidays once they are.  "
    "调休安排尚未收录，公布后请更新 holidays 再生成。"
)


def calendar(
    country: Annotated[str, typer.Argument(help="Two letters, as in ISO 3166: CN.", show_default=False)],
    year: Annotated[int, typer.Argument(help="The year: 2026.", show_default=False)],
) -> None:
    """Print the holidays and make-up workdays of a year as the `calendars:` of a pack.  节假日与调休。"""
    try:
        from shouwang.public_holidays import (  # noqa: PLC0415 - holidays is an optional extra
            UnknownCalendarError,
            as_yaml,
            public_holidays,
        )
    except ModuleNotFoundError:
        typer.echo(_MISSING, err=True)
        raise typer.Exit(Exit.MISSING) from None
    try:
        known = public_holidays(country.upper(), year)
    except UnknownCalendarError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(Exit.USAGE) from None
    if not known.is_announced:
        typer.echo(f"{known.country} {year}: {_NOT_ANNOUNCED}", err=True)
    typer.echo(as_yaml(known), nl=False)
