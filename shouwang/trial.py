"""``python -m shouwang.trial AT CPU_S``: one trial in a process of its own; the request on standard input, the answer on output.

What people try is hostile until shown otherwise. Each path and each condition is bounded by itself; this process bounds all of
them together: its own processor time and memory end it, and it can neither write a file nor leave a dump.
"""

import resource
import sys
from typing import Any, Final

from dashboard.trial_shape import EVENTS_MAX, TrialAnswer, TrialFault, TrialRequest, TriedEvent, TriedMessage
from ingest.adapter import Format
from rules.model import Sentence
from rules.pack_text import Fault
from shouwang.decoding import COMMUNITY, Decoder, LineError
from shouwang.mapping_file import MappingFileError, mapping_of

MEMORY_BYTES_MAX: Final = 1 << 29
"""Address space: it has 80 MB before it reads anything; ours."""
_REASON_MAX: Final = 2_000
_FILE: Final = "mapping"


def tried(request: TrialRequest, at: int) -> TrialAnswer:
    """What the messages say, received at this instant (ms)."""
    mapping: Format | None = None
    if request.mapping:
        try:
            mapping = mapping_of(request.mapping, _FILE)
        except MappingFileError as found:
            return TrialAnswer(at=at, faults=[_fault(each) for each in found.faults], messages=[], is_whole=True)
    decoder = Decoder(request.format, COMMUNITY, mapping)
    messages: list[TriedMessage] = []
    room = EVENTS_MAX
    for number, message in enumerate(request.messages, start=1):
        told = _told(decoder, message.model_dump() | {"received_at": at}, number)
        shown = told["events"][:room]
        room -= len(shown)
        messages.append(
            TriedMessage(
                outcome=told["outcome"],
                reason=told["reason"][:_REASON_MAX],
                event_count=len(told["events"]),
                events=[TriedEvent.model_validate(each) for each in shown],
            )
        )
    is_whole = all(each.event_count == len(each.events) for each in messages)
    return TrialAnswer(at=at, faults=[], messages=messages, is_whole=is_whole)


def _told(decoder: Decoder, given: dict[str, Any], number: int) -> dict[str, Any]:
    try:
        return decoder.answer(given, f"message {number}", number)
    except LineError as fault:
        return {"outcome": "rejected", "events": [], "reason": str(fault)}


def _fault(fault: Fault) -> TrialFault:
    """A fault is told as ``中文 / English``, and the English has the particulars, such as what was meant."""
    zh, _, en = fault.message.partition(" / ")
    return TrialFault(line=fault.line, column=fault.column, sentence=Sentence(f"{zh}（{en}）" if en else zh, en or zh))


def _bound(cpu_s: int) -> None:
    """Seconds of the processor besides what was used to start."""
    used_s = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
    for what, most in (
        (resource.RLIMIT_CPU, used_s + cpu_s),
        (resource.RLIMIT_AS, MEMORY_BYTES_MAX),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read, try, answer."""
    _bound(int(sys.argv[2]))
    request = TrialRequest.model_validate_json(sys.stdin.buffer.read())
    sys.stdout.write(tried(request, int(sys.argv[1])).model_dump_json(by_alias=True))


if __name__ == "__main__":
    main()
