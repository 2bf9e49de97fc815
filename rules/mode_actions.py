"""A person sets or ends a mode of a place: what is asked for, and what is refused."""

from rules.book import Book
from rules.model import OperatorAction, Reason
from rules.modes import BY_PERSON_MAX_S, end_mode, set_mode, title_of
from rules.place import STANDING, WHOLE_COMMUNITY, PlaceMode, prefixes
from rules.refusal import RefusedError, optional_text, seconds_of, text_of, truth_of

REASON_MAX = 500
"""Characters of a reason that are kept."""


def zone_of(action: OperatorAction) -> str:
    """The zone that an action means; empty for the whole community. Raises RefusedError for what is no path."""
    zone = action.entity_id.strip()
    if zone in ("", WHOLE_COMMUNITY):
        return ""
    if not all(zone.split("/")):
        raise RefusedError(
            Reason.UNKNOWN_ENTITY,
            f"“{zone}”不是区域：写作 b03/u1/0502，全社区写作 {WHOLE_COMMUNITY}",
            f"{zone!r} is no zone: write b03/u1/0502, and {WHOLE_COMMUNITY} for the whole community",
        )
    return zone


def ask_for_mode(book: Book, action: OperatorAction) -> None:
    """Do what the verb ``set_mode`` asks. Raises RefusedError, and changes nothing, where it cannot be."""
    zone, name = zone_of(action), text_of(action, "mode")
    is_on = truth_of(action, "is_on", otherwise=True)
    for_s = seconds_of(action, "for_s", BY_PERSON_MAX_S)
    if not is_on:
        _end(book, action, zone, name)
        return
    known = book.pack.modes.get(name)
    if known is None and name not in STANDING:
        names = ", ".join([*STANDING, *[mode for mode in book.pack.modes if mode not in STANDING]])
        raise RefusedError(
            Reason.ARGUMENT_MISSING, f"规则包中没有模式 {name}；可用：{names}", f"the pack has no mode {name!r}; known: {names}"
        )
    lasts_s = for_s if for_s is not None or known is None else known.lasts_s
    mode = PlaceMode(
        id="",
        community=action.community,
        zone=zone,
        mode=name,
        source="",
        set_by=action.actor,
        reason=optional_text(action, "reason")[:REASON_MAX],
        since_at=book.now,
        until_at=None if lasts_s is None else book.now + round(lasts_s * 1000),
    )
    set_mode(book, mode, Reason.OPERATOR_ASKED)


def _end(book: Book, action: OperatorAction, zone: str, name: str) -> None:
    """A person ends a mode of a zone for all who set it there."""
    held = sorted(book.modes.by_place.get((action.community, zone, name), {}))
    if held:
        for mode_id in held:
            end_mode(book, book.modes.by_id[mode_id], Reason.OPERATOR_ASKED, action.actor)
        return
    title = title_of(book.pack, name)
    outer = [each or WHOLE_COMMUNITY for each in prefixes(zone) if (action.community, each, name) in book.modes.by_place]
    if outer:
        raise RefusedError(
            Reason.ILLEGAL_NOW,
            f"模式“{title.zh}”由 {outer[-1]} 设置，请在那里结束",
            f"the mode “{title.en}” is set for {outer[-1]}; end it there",
        )
    raise RefusedError(Reason.ILLEGAL_NOW, f"模式“{title.zh}”未设置", f"the mode “{title.en}” is not set")
