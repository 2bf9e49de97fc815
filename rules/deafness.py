"""When the service itself was away: what it could not hear in that time is nobody's silence, and nobody's end of danger."""

from typing import Final

from rules.book import Book
from rules.model import Entity, Fact, Reason, Resumed, Sentence
from rules.sentence import duration

TOLD_AFTER_MS: Final = 60_000
"""A deafness up to this long (a restart, an update) is not worth a line of the timeline; ours."""


def sleep_through(book: Book, since: int, until: int) -> None:
    """Take the time between these instants out of whatever waits for silence or counts a delay. Every other clock goes on."""
    for active in book.rules.values():
        for row in active.rows.values():
            for watch in row.watches.values():
                moved = [signal.sleep(since, until) for signal in watch.signals]
                if any(moved):
                    book.remember(watch)


def tell_resumed(book: Book, entry: Resumed, position: int) -> None:
    """Say that nothing could be heard for so long, and what that means for those who wait for silence."""
    deaf_ms = book.now - entry.deaf_since_at
    if deaf_ms <= TOLD_AFTER_MS:
        return
    deaf_s = float(round(deaf_ms / 1000))
    long = duration(deaf_s)
    said = Sentence(
        f"恢复运行：此前 {long.zh} 没有接收，不计入设备失联和持续时间",
        f"resumed after {long.en}: that time counts neither as a device's silence nor towards a delay",
    )
    book.add_fact(
        Fact(
            id="",
            at=book.now,
            community=entry.community,
            entity=Entity.JOURNAL,
            entity_id=str(position),
            incident_id="",
            transition="resumed",
            from_state="",
            to_state="",
            reason=Reason.RESUMED,
            cause_id=entry.id,
            sentence=said,
            value=deaf_s,
        )
    )
