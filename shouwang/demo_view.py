"""What a person watches in the terminal: counters, open incidents with their clocks, and the latest decisions."""

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

import httpx
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from rules.model import Entity, Fact
from shouwang.clock import monotonic_s

if TYPE_CHECKING:
    from shouwang.demo_run import DemoRun

COLOURS = {
    "red": "bold white on red",
    "orange": "bold black on dark_orange",
    "yellow": "black on yellow",
    "blue": "white on blue",
}
WORDS = {"red": "红 I", "orange": "橙 II", "yellow": "黄 III", "blue": "蓝 IV"}
STAGES = {Entity.WARNING: "预警", Entity.ALARM: "报警", Entity.INCIDENT: "警情", Entity.DISPATCH: "处警"}


class DemoView:
    """A live view on a terminal; plain lines where there is none."""

    def __init__(self, run: "DemoRun", *, is_headless: bool) -> None:
        self._run, self._is_headless = run, is_headless
        self._console = Console()
        self._latest: deque[Fact] = deque(maxlen=12)
        self._stage_counts = dict.fromkeys(STAGES, 0)
        self._incidents: list[dict[str, Any]] = []
        self._at = 0
        self._began_s = monotonic_s()

    def elapsed_s(self) -> float:
        """Real seconds since the beginning."""
        return monotonic_s() - self._began_s

    def welcome(self) -> None:
        """Say what is shown and how to log in."""
        run, title = self._run, self._run.scenario.title
        lines = [
            f"守望 Shouwang · {title.zh} / {title.en}: {run.scenario.tells}",
            f"  {len(run.community.devices)} devices, {run.speed:g}× faster than life · 设备 {len(run.community.devices)} 台",
            f"  Console 控制台: {run.address}/    Log in with this token 登录令牌: {run.token}",
            "  Ctrl-C ends everything.",
        ]
        for line in lines:
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def tell(self, fact: Fact) -> None:
        """A decision fell."""
        self._latest.append(fact)
        if fact.entity in self._stage_counts and fact.transition in {"opened", "ordered"}:
            self._stage_counts[fact.entity] += 1
        if self._is_headless:
            self._console.print(self._line(fact), soft_wrap=True)

    async def run(self, client: httpx.AsyncClient) -> None:
        """Redraw four times a second until cancelled."""
        with Live(self._picture(), console=self._console, refresh_per_second=4, screen=False) as live:
            while True:
                with contextlib.suppress(httpx.HTTPError, ValueError):
                    answer = await client.get("/v1/incidents", params={"limit": 8})
                    body = answer.json()
                    self._incidents, self._at = body.get("incidents", []), body.get("at", 0)
                live.update(self._picture())
                await asyncio.sleep(0.25)

    def _line(self, fact: Fact) -> Text:
        second = (fact.at - self._run.began_at) / 1000
        level = fact.level.value if fact.level else ""
        line = Text(f"{second:7.1f} s  ")
        line.append(f" {WORDS.get(level, '  - ')} ", style=COLOURS.get(level, "dim"))
        line.append(f" {STAGES.get(fact.entity, fact.entity.value)} {fact.transition:<14} ")
        line.append(f"{fact.sentence.zh}  ")
        line.append(fact.sentence.en, style="dim")
        return line

    def _picture(self) -> RenderableType:
        counts = self._run.counts
        head = Text(f"{self.elapsed_s():5.0f} s   published 已发布 {counts.acknowledged_count}   ")
        for entity, word in STAGES.items():
            head.append(f"{word} {self._stage_counts[entity]}   ", style="bold")
        return Group(head, self._queue(), Panel(Group(*(self._line(fact) for fact in self._latest)), title="决策 decisions"))

    def _queue(self) -> RenderableType:
        table = Table(title="未结警情 open incidents", expand=True)
        for column in ("级别 level", "警情 incident", "位置 place", "状态 state", "时限 clock"):
            table.add_column(column)
        for row in self._incidents:
            incident, clock = row["incident"], row.get("next_clock")
            level = incident["level"]
            table.add_row(
                Text(f" {WORDS[level]} ", style=COLOURS[level]),
                Text(f"{incident['title']['zh']} {incident['title']['en']}"),
                Text(incident["zone"]),
                incident["state"],
                self._clock(clock),
            )
        if not self._incidents:
            table.add_row("", "一切平安 all is calm", "", "", "")
        return table

    def _clock(self, clock: dict[str, Any] | None) -> Text:
        if clock is None:
            return Text("-")
        left_s = (clock["clock"]["due_at"] - self._at) / 1000
        text = f"{clock['clock']['name']} {abs(left_s):.0f} s {'left 剩余' if left_s >= 0 else 'late 超时'}"
        return Text(text, style="" if left_s >= 0 else "bold red")
