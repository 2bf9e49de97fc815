"""Logs for people or machines, on standard error. Normal operation logs nothing per event: it counts."""

import logging
import re
import sys
from typing import Any, Literal

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"  # surrogates: no stream takes them
)
"""Control characters, line ends and direction marks, with which a device's name could forge, hide or break a log line."""


def escaped(value: Any) -> Any:
    """The value with every text in it made harmless."""
    if isinstance(value, str):
        return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", value)
    if isinstance(value, dict):
        return {escaped(key): escaped(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [escaped(each) for each in value]
    return value if isinstance(value, (int, float, type(None))) else escaped(repr(value))


def _escape(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: value if key in {"exc_info", "_record", "_from_structlog"} else escaped(value) for key, value in event.items()}


def _indent_traceback(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A traceback has lines of its own; moved to the right, none of them can be taken for a log line."""
    if isinstance(traceback := event.get("exception"), str):
        event["exception"] = "\n".join(f"    {escaped(line)}" for line in traceback.split("\n"))
    return event


def configure(form: Literal["text", "json"], role: str) -> None:
    """Set up structlog, and let the libraries' own loggers speak through it from WARNING on.

    Tracebacks show no local variables: there are secrets among them.
    """
    tracebacks: list[Processor]
    render: Processor
    if form == "json":
        tracebacks = [structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)), _escape]
        render = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        tracebacks = [_escape, structlog.processors.format_exc_info, _indent_traceback]
        render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *tracebacks,
    ]
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(role=role)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render], foreign_pre_chain=shared
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
