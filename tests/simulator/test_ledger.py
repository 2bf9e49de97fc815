"""The ledger: what was noted is read back, also what was noted before a restart."""

from pathlib import Path

from simulator.ledger import Ledger, read_ledger
from simulator.message import Message


def test_what_was_acknowledged_is_read_back_over_restarts(tmp_path: Path) -> None:
    noted = [Message(number, f"t/{number}", f'{{"zh":"烟","n":{number}}}'.encode()) for number in range(4)]
    for half in (noted[:2], noted[2:]):
        with Ledger(tmp_path / "ledger.jsonl") as ledger:
            for message in half:
                ledger.note(message)
    assert list(read_ledger(tmp_path / "ledger.jsonl")) == noted
