"""How many times faster than life a backtest runs: reading, contract, chain, people and judge, one community on one core."""

from pathlib import Path
from typing import Final

from bench.rows import Row, best_rate, calibration_loops_per_s
from shouwang.pack_files import load_pack
from shouwang.settings import PACKS
from simulator.community import Size, build_community
from simulator.judge.crew import PackText
from simulator.judge.event_files import look_through
from simulator.judge.report import Wishes, backtest
from simulator.recording import Recorded, write_recording
from simulator.scenario_file import load_scenario
from simulator.stream import messages

DEVICE_COUNT: Final = 2_000
LASTS_S: Final = 3600


def measure(folder: Path, lasts_s: int = LASTS_S, device_count: int = DEVICE_COUNT) -> list[Row]:
    """Seconds of recording played in a second of this core, over an hour of 2,000 devices."""
    community = build_community(1, Size.for_devices(device_count))
    scenario = load_scenario("quiet_day").model_copy(update={"lasts_s": float(lasts_s)})
    file = folder / "events.jsonl"
    stream = messages(community, scenario)
    line_count = write_recording(file, (Recorded(scenario.start_at + at, topic, payload) for at, topic, payload in stream))
    pack = PackText(name="community.yaml", text=load_pack(PACKS / "community.yaml").text)

    def work() -> int:
        seen = look_through([file])
        backtest(seen, Wishes(pack=pack))
        return lasts_s

    rate = best_rate(work, 2)
    return [
        Row(
            name=f"backtest of {device_count:,} devices, one core, whole way from the file to the report",
            value=round(rate),
            unit="× real time",
            must=500,
            yardstick="plain Python loop, turns/s on the same core",
            yardstick_value=round(calibration_loops_per_s(0.3)),
            detail=f"{line_count * 86_400 // lasts_s:,} messages a day; 30 days in {30 * 86_400 / rate / 60:.0f} min",
        )
    ]
