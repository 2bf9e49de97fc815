"""Logs: one line is one happening, whatever a device calls itself; and no secret stands in a traceback."""

import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang import logs

Form = Literal["text", "json"]
FORMS = pytest.mark.parametrize("form", ["text", "json"])
HOSTILE = "a\nb\r\tc\x00\x1b[2J\x7f\x9b\u202e\u2066\u200b\u2028\ufeff\udc80"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def is_harmless(line: str) -> bool:
    return line.isprintable() and "\u202e" not in line


def fail(password: str) -> None:
    raise ValueError(f"no good: {HOSTILE}\n2026-11-23T00:00:00Z [info] chain_ready")


@FORMS
def test_each_happening_is_one_line_and_says_its_role(form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form, "chain")
    structlog.get_logger().warning("lane_closed", device=HOSTILE, nested={HOSTILE: [HOSTILE]}, raw=b"\x00\xff", count=3)
    logging.getLogger("library").warning("it said %s", HOSTILE)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(is_harmless(line) and "chain" in line for line in lines)
    assert all("\\u202e" in line and "\\u000a" in line for line in lines)


@FORMS
@given(text=st.text())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_line(form: Form, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form, "chain")
    structlog.get_logger().warning("said", text=text)
    assert capsys.readouterr().err.count("\n") == 1


@FORMS
def test_a_traceback_has_no_locals_and_cannot_pose_as_a_log_line(form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form, "chain")
    try:
        fail("hunter2")
    except ValueError:
        structlog.get_logger().exception("stopped")
        logging.getLogger("library").exception("stopped")
    said = capsys.readouterr().err
    assert "hunter2" not in said.replace('fail("hunter2")', "")
    assert "ValueError" in said
    for line in said.splitlines():
        assert is_harmless(line)
        assert line.startswith("    ") or "stopped" in line


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "web")
    structlog.get_logger().info("web_ready", address="http://127.0.0.1:8080/", device="烟感一号")
    said = capsys.readouterr().err
    assert "烟感一号" in said
    body = json.loads(said)
    assert (body["event"], body["role"], body["level"]) == ("web_ready", "web", "info")


@FORMS
def test_what_is_not_worth_a_line_gives_none(form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form, "web")
    structlog.get_logger().debug("thought")
    logging.getLogger("library").info("chatter")
    assert not capsys.readouterr().err
