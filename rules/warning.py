"""预警: opened, its level changed, and ended with exactly one outcome: materialised, cancelled or expired."""

from dataclasses import replace

from rules.book import Book
from rules.canonical import digest_id
from rules.finding import Finding
from rules.incident import admit_warning, admit_warning_quietly, close_watch_if_over, find, notify, worsen_case
from rules.inhibition import source_of
from rules.lifecycle import WARNING, move
from rules.model import EarlyWarning, Evidence, Reason, Sentence
from rules.sentence import LEVELS, duration, join
from rules.signals import to_ms
from rules.watch import Watch


def open_warning(book: Book, watch: Watch, found: Finding, until: int | None = None) -> None:
    """Warn of something that is not yet an alarm. ``until``: what its event says of its validity; else the rule's time."""
    rule = watch.active.rule
    warning_id = digest_id("w", watch.name, book.now, book.cause_id)
    warning = EarlyWarning(
        id=warning_id,
        community=watch.community,
        hazard=rule.hazard,
        level=found.level,
        state=WARNING.initial,
        zone=watch.zone,
        device=watch.device,
        rule=rule.id,
        pack_version=book.pack.version,
        opened_at=book.now,
        changed_at=book.now,
        expires_at=book.now + to_ms(rule.warning_expires_s) if until is None else until,
        incident_id="",
        sentence=found.sentence,
        evidence=found.evidence,
        status=watch.status,
        is_timed=until is not None,
    )
    admit = admit_warning
    if _is_quieted_from_the_start(book, watch, warning):
        admit, warning = admit_warning_quietly, replace(warning, state=move(WARNING, warning.state, "suppress"))
    case = admit(book, watch, warning_id, found.level, found.sentence, found.reason)
    warning = replace(warning, incident_id=case.incident.id)
    watch.warning_id = warning_id
    watch.warned_rank = found.level.rank
    book.watch_of[warning_id] = watch
    book.put_warning(warning)
    watch_expiry(book, warning)
    lead = Sentence(f"{LEVELS[found.level].zh}预警", f"{LEVELS[found.level].en} warning")
    book.tell(warning, "opened", found.reason, join(lead, found.sentence), evidence=found.evidence)
    if admit is admit_warning:
        targets = case.plan.notify_on_warning if case.plan else ()
        notify(book, case, f"warning_{found.level}_{case.episode}", targets, join(lead, found.sentence))


def told_since(warning: EarlyWarning) -> int | None:
    """Since when people are told of it; None while it is suppressed."""
    if warning.state == "suppressed":
        return None
    return warning.opened_at if warning.told_at is None else warning.told_at


def _is_quieted_from_the_start(book: Book, watch: Watch, warning: EarlyWarning) -> bool:
    """By what, quieting_warnings.py says later in the step."""
    if not book.quieted.inhibitions_of(watch.community):
        return False
    case = find(book, watch)
    return source_of(book, warning if case is None else replace(warning, incident_id=case.incident.id)) is not None


def change_level(book: Book, watch: Watch, warning: EarlyWarning, found: Finding) -> None:
    """The warning is worse or milder than it was. A worse one lasts anew."""
    is_worse = found.level.is_worse_than(warning.level)
    lasts_until = book.now + to_ms(watch.active.rule.warning_expires_s) if is_worse else warning.expires_at
    changed = replace(
        warning,
        state=move(WARNING, warning.state, "change_level"),
        level=found.level,
        changed_at=book.now,
        expires_at=lasts_until,
        is_timed=warning.is_timed and not is_worse,
        sentence=found.sentence,
        evidence=found.evidence,
    )
    watch.warned_rank = min(watch.warned_rank, found.level.rank)
    book.put_warning(changed)
    watch_expiry(book, changed)
    said = Sentence(
        f"{LEVELS[warning.level].zh}预警调整为{LEVELS[found.level].zh}预警",
        f"the {LEVELS[warning.level].en} warning is now {LEVELS[found.level].en}",
    )
    said = join(said, found.sentence)
    reason = Reason.WORSENED if is_worse else Reason.EASED
    book.tell(changed, "level_changed", reason, said, from_state=warning.state, evidence=found.evidence)
    case = book.cases[changed.incident_id]
    if is_worse and changed.state != "suppressed":
        case = worsen_case(book, case, found.level, found.sentence)
        targets = case.plan.notify_on_warning if case.plan else ()
        notify(book, case, f"warning_{found.level}_{case.episode}", targets, said)


def renew_warning(book: Book, warning: EarlyWarning, until: int) -> None:
    """What it rests on was given again, with a validity of its own: longer or shorter, or over already."""
    if until <= book.now:
        said = Sentence("发布方所给的有效期已过", "the time for which it was given is over")
        end_warning(book, warning, "expire", Reason.EXPIRY_REACHED, join(said, warning.sentence))
    elif until != warning.expires_at:
        renewed = replace(warning, expires_at=until, is_timed=True, changed_at=book.now)
        book.put_warning(renewed)
        watch_expiry(book, renewed)


def end_warning(
    book: Book, warning: EarlyWarning, transition: str, reason: Reason, said: Sentence, evidence: tuple[Evidence, ...] = ()
) -> None:
    """The one outcome: ``materialise``, ``cancel`` or ``expire``. A watch that has nothing else left closes with it."""
    watch = book.watch_of[warning.id]
    watch.warning_id = ""
    book.keep(watch)
    ended = replace(warning, state=move(WARNING, warning.state, transition), changed_at=book.now, ended_at=book.now)
    book.put_warning(ended)
    book.timers.disarm(f"expire {warning.id}")
    book.tell(ended, ended.state, reason, said, from_state=warning.state, evidence=evidence)
    close_watch_if_over(book, warning.incident_id, reason)


def let_stand(book: Book, warning: EarlyWarning) -> None:
    """Have it stand for the rule's time from now on, where whoever warned has not said until when."""
    if not warning.is_timed:
        lasts_ms = to_ms(book.watch_of[warning.id].active.rule.warning_expires_s)
        warning = replace(warning, expires_at=book.now + lasts_ms)
        book.put_warning(warning)
    watch_expiry(book, warning)


def watch_expiry(book: Book, warning: EarlyWarning) -> None:
    """See to it that the warning ends when its time is over."""

    def expire(_: int) -> None:
        open_still = book.warnings[warning.id]
        if open_still.state == "suppressed" and not open_still.is_timed:
            let_stand(book, open_still)  # the rule's time counts from when people are told
            return
        seconds = (open_still.expires_at - open_still.opened_at) / 1000
        long = duration(seconds)
        said = Sentence(f"预警 {long.zh}内未成真，到期解除", f"the warning did not come true within {long.en} and has expired")
        end_warning(book, open_still, "expire", Reason.EXPIRY_REACHED, join(said, open_still.sentence))

    book.timers.arm(f"expire {warning.id}", warning.expires_at, expire)
