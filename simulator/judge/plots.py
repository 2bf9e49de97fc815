"""The plots of the report page: plain SVG text, the same bytes for the same figures, with or without a drawing library."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

COLOURS: Final = {
    "detected": "#2b8a3e",
    "late": "#e8a100",
    "missed": "#c92a2a",
    "false": "#862e9c",
    "duplicates": "#868e96",
}
"""Told apart by lightness too, for those who do not tell colours."""
_LEFT: Final = 150
_WIDTH: Final = 760
_ROW: Final = 24


def counts(rows: Mapping[str, Mapping[str, Any]], names: Sequence[str], legend: Mapping[str, str]) -> str:
    """A stacked bar for each row: how many were in time, late, missed, false, duplicate."""
    most = max([sum(row[name] for name in names) for row in rows.values()], default=0) or 1
    scale = (_WIDTH - _LEFT - 130) / most
    parts = [_legend(names, legend)]
    for number, (title, row) in enumerate(rows.items()):
        y = 30 + number * _ROW
        parts.append(_label(title, y))
        x = float(_LEFT)
        for name in names:
            if row[name]:
                width = row[name] * scale
                parts.append(
                    f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="16" fill="{COLOURS[name]}">'
                    f"<title>{escape(legend[name])}: {row[name]}</title></rect>"
                )
                x += width
        total = ", ".join([str(row[name]) for name in names])
        parts.append(f'<text x="{x + 6:.1f}" y="{y + 13}" class="n">{total}</text>')
    return _svg(parts, 36 + len(rows) * _ROW)


def bars(rows: Mapping[str, float], colour: str = "#1c5d99") -> str:
    """One bar for each row, with its number."""
    most = max([*rows.values(), 0.0]) or 1.0
    parts: list[str] = []
    for number, (title, value) in enumerate(rows.items()):
        y = 6 + number * _ROW
        width = value * (_WIDTH - _LEFT - 80) / most
        parts.append(_label(title, y))
        parts.append(f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="16" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + width + 6:.1f}" y="{y + 13}" class="n">{value:.2f}</text>')
    return _svg(parts, 12 + len(rows) * _ROW)


def steps(curves: Mapping[str, Sequence[float | None]], unit: str) -> str:
    """For each curve the share of all happenings that were found within so many seconds; who never was keeps it below 100 %."""
    known = [value for values in curves.values() for value in values if value is not None]
    most = max([*known, 1.0])
    left, right, top, bottom = 50.0, _WIDTH - 20.0, 24.0, 190.0
    parts = [
        f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#495057"/>',
        *[
            f'<text x="44" y="{bottom - share * (bottom - top) + 4:.1f}" text-anchor="end" class="n">{share:.0%}</text>'
            for share in (0.0, 0.5, 1.0)
        ],
        *[
            f'<text x="{left + share * (right - left):.1f}" y="{bottom + 16}" text-anchor="middle" class="n">'
            f"{most * share:.0f}</text>"
            for share in (0.0, 0.25, 0.5, 0.75, 1.0)
        ],
        f'<text x="{right}" y="{bottom + 32}" text-anchor="end" class="n">{escape(unit)}</text>',
    ]
    colours = ("#e8a100", "#c92a2a", "#1c5d99")
    for number, (title, values) in enumerate(curves.items()):
        path, count = [f"M{left:.1f} {bottom:.1f}"], len(values) or 1
        for rank, value in enumerate(sorted([value for value in values if value is not None]), start=1):
            x = left + max(value, 0.0) / most * (right - left)
            path.append(f"H{x:.1f}V{bottom - rank / count * (bottom - top):.1f}")
        path.append(f"H{right:.1f}")
        colour = colours[number % len(colours)]
        parts.append(f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x = left + 20 + number * 220
        parts.append(f'<rect x="{x}" y="4" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 16}" y="15" class="n">{escape(title)}</text>')
    return _svg(parts, 230)


def _legend(names: Sequence[str], legend: Mapping[str, str]) -> str:
    parts = []
    for number, name in enumerate(names):
        x = _LEFT + number * 122
        parts.append(f'<rect x="{x}" y="6" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{x + 16}" y="16" class="n">{escape(legend[name])}</text>')
    return "".join(parts)


def _label(title: str, y: int) -> str:
    shown = title if len(title) <= 20 else title[:19] + "…"
    return f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(shown)}<title>{escape(title)}</title></text>'


def _svg(parts: Sequence[str], height: int) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img">{"".join(parts)}</svg>'
