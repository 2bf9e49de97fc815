"""Which days people work and children learn: weekends, China's public holidays, and the weekend days worked in their stead."""

from datetime import date, timedelta
from typing import Final

_HOLIDAYS: Final = (
    # 国办发明电〔2024〕12号
    ("2025-01-01", 1),
    ("2025-01-28", 8),
    ("2025-04-04", 3),
    ("2025-05-01", 5),
    ("2025-05-31", 3),
    ("2025-10-01", 8),
    # 国办发明电〔2025〕7号
    ("2026-01-01", 3),
    ("2026-02-15", 9),
    ("2026-04-04", 3),
    ("2026-05-01", 5),
    ("2026-06-19", 3),
    ("2026-09-25", 3),
    ("2026-10-01", 7),
)
_MADE_UP: Final = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
    )
)
_DAYS_OFF: Final = frozenset(
    date.fromisoformat(first) + timedelta(days=number) for first, count in _HOLIDAYS for number in range(count)
)
_SCHOOL_BREAKS: Final = (((1, 24), (2, 28)), ((7, 4), (8, 31)))
"""Winter and summer holidays of schools, about (ours): the city announces the days of each year."""


def is_holiday(day: date) -> bool:
    """Whether it is a public holiday, known for 2025 and 2026; in other years only the fixed first days are."""
    if day.year in (2025, 2026):
        return day in _DAYS_OFF
    return (day.month, day.day) in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


def is_workday(day: date) -> bool:
    """Whether people go to work: a weekday that is no holiday, or a weekend day that makes up for one (调休)."""
    return day in _MADE_UP or (day.weekday() < 5 and not is_holiday(day))


def is_school_day(day: date) -> bool:
    """Whether children go to school: a workday outside the winter and the summer holidays."""
    today = (day.month, day.day)
    return is_workday(day) and not any(first <= today <= last for first, last in _SCHOOL_BREAKS)


def is_long_holiday(day: date) -> bool:
    """Whether it lies within five days off in a row or more, when people travel."""
    row, near = 1, day
    if not is_holiday(day):
        return False
    for step in (-1, 1):
        near = day + timedelta(days=step)
        while is_holiday(near):
            row, near = row + 1, near + timedelta(days=step)
    return row >= 5
