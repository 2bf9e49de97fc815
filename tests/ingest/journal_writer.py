"""A process that journals until it is killed, and says after each append what is durable. Run by test_journal_kill.py."""

import itertools
import sys
from pathlib import Path

from ingest.journal import Journal
from rules.model import Event, EventClass, Input, Network


def main() -> None:
    """Append batches of growing and shrinking size; after each, print the last position, and only then."""
    folder, life = Path(sys.argv[1]), sys.argv[2]
    ticks = itertools.count(1_795_435_200_000, 3_600_000)  # an hour a call: new days are begun again and again
    journal = Journal(folder, clock=lambda: next(ticks))
    for number in itertools.count():
        first = journal.last_position() + 1
        entries: list[Input] = [
            Event(
                id=f"{life}-{position}",
                community="jade",
                network=Network.IOT,
                event_class=EventClass.READING,
                device=f"d{position % 7}",
                kind="temperature",
                value=float(position),
            )
            for position in range(first, first + 1 + number * 7 % 50)
        ]
        appended = journal.append(entries)
        sys.stdout.write(f"{appended.first_position + appended.count - 1}\n")
        sys.stdout.flush()


main()
