"""The simulator alone: how many times faster than life a community's messages are made on one core, and what it weighs."""

import resource
import subprocess
import sys
import time

from bench.rows import Row, calibration_loops_per_s
from simulator.community import Size, build_community
from simulator.scenario_file import load_scenario
from simulator.stream import messages


def measure() -> list[Row]:
    """2,000 devices over two hours and 100,000 over twenty minutes, each in a process of its own, in CPU time."""
    turns = round(calibration_loops_per_s())
    rows: list[Row] = []
    for device_count, lasts_s, must in ((2_000, 7_200, 200), (100_000, 1_200, None)):
        command = [sys.executable, "-m", "bench.simulator", str(device_count), str(lasts_s)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        speed, rate, megabytes = (float(part) for part in done.stdout.split())
        rows.append(
            Row(
                name=f"simulated messages, {device_count:,} devices ({megabytes:.0f} MB)",
                value=round(speed),
                unit="times real time",
                yardstick="plain Python loop, turns/s on the same core",
                yardstick_value=turns,
                must=must,
                detail=f"{rate:.0f} messages/s",
            )
        )
    return rows


def main() -> None:
    """Make the messages of a quiet evening; print times real time, messages a second, and megabytes."""
    device_count, lasts_s = int(sys.argv[1]), float(sys.argv[2])
    quiet = load_scenario("quiet_day")
    scenario = quiet.model_copy(update={"lasts_s": lasts_s, "starts": quiet.starts.replace(hour=18)})
    community = build_community(1, Size.exactly(device_count))
    start = time.process_time()
    count = sum(1 for _ in messages(community, scenario))
    took_s = time.process_time() - start
    print(lasts_s / took_s, count / took_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
