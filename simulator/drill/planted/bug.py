"""What a planted bug is: a name, what somebody got wrong, and the one place that it changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

_MISSING: Final = object()


class Patch:
    """Changes attributes of modules and classes, and puts back what was there."""

    def __init__(self) -> None:
        self._before: list[tuple[Any, str, Any]] = []

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Put this in the place of what is there. Raises AttributeError where nothing is: then the house has changed."""
        getattr(owner, name)
        self._before.append((owner, name, vars(owner).get(name, _MISSING)))
        setattr(owner, name, value)

    def answer(self, owner: Any, name: str, *, answer: Any) -> None:
        """Give this answer whatever is asked."""
        self.set(owner, name, lambda *_, **__: answer)

    def wrap(self, owner: Any, name: str, around: Callable[..., Any]) -> None:
        """Call ``around(real, *arguments)`` where ``real(*arguments)`` was called."""
        real = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return around(real, *args, **kwargs)

        self.set(owner, name, wrapped)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for owner, name, value in reversed(self._before):
            if value is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, value)


@dataclass(frozen=True, slots=True)
class Bug:
    """``tells``: in one line what is wrong. ``plant`` puts it in.

    ``needs``: faults (words of a step) of which a seed must draw one for the bug to matter; others need not be played.
    """

    name: str
    tells: str
    plant: Callable[[Patch], None]
    needs: tuple[str, ...] = ()

    def may_show(self, steps: Iterable[object]) -> bool:
        """Whether these steps have what it needs."""
        return not self.needs or any(need in str(step) for step in steps for need in self.needs)
