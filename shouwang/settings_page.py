"""The table of settings in docs/operations.md, made from the settings themselves."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from shouwang.settings import Settings


def settings_table() -> str:
    """A Markdown table: the environment variable, its default, and what it is for."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    rows += _rows(Settings, "SHOUWANG_")
    return "\n".join(rows) + "\n"


def _rows(model: type[BaseModel], prefix: str) -> list[str]:
    rows: list[str] = []
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            rows += _rows(field.annotation, f"{variable}__")
            continue
        rows.append(f"| `{variable}` | {_default(name, field.default)} | {field.description or ''} |")
    return rows


def _default(name: str, value: Any) -> str:
    if value is PydanticUndefined:
        return "must be set"
    if name == "pack":
        return "the bundled `community.yaml`"
    if value in (None, "", (), {}):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def write(page: Path) -> None:
    """Put the table between its two marks."""
    text = page.read_text(encoding="utf-8")
    head, rest = text.split("<!-- settings: generated -->\n")
    tail = rest.split("<!-- end of settings -->")[1]
    page.write_text(f"{head}<!-- settings: generated -->\n{settings_table()}<!-- end of settings -->{tail}", encoding="utf-8")


if __name__ == "__main__":
    write(Path("docs/operations.md"))
