"""合理化卡片: which alarm rules lack one, the card as sentences, and the page of all cards."""

from collections.abc import Iterator, Mapping
from typing import Final

from rules.definition import Card, Rule, RulePack
from rules.model import Sentence
from rules.sentence import LEVELS, duration

LABELS: Final[Mapping[str, Sentence]] = {
    "cause": Sentence("可能原因", "Likely cause"),
    "consequence": Sentence("不处置的后果", "If nobody acts"),
    "action": Sentence("怎么做", "What to do"),
    "time_to_respond": Sentence("最迟处置", "Act within"),
}
_HEAD: Final = """# 报警卡片 · Alarm cards

What each alarm of the bundled packs means to the person at the desk: ISA-18.2 asks that every alarm has a cause, a consequence,
an action, and a time in which the action still helps. The texts stand in the packs (`card:` of a rule) and are written for the
duty officer; a site adapts them. *Act within* is ours, derived from the clocks of the plans. This page is made by
`python -m shouwang.cards_page`; a test holds it to the packs."""


def without_card(pack: RulePack) -> tuple[Rule, ...]:
    """The rules that alarm and do not say what that means. Rules that only warn need no card."""
    return tuple([rule for rule in pack.rules if rule.alarms and rule.card is None])


def card_said(card: Card) -> tuple[Sentence, ...]:
    """The card as four statements, each with its label."""
    long = duration(card.time_to_respond_s)
    said = (card.cause, card.consequence, card.action, long)
    return tuple(
        [Sentence(f"{label.zh}：{text.zh}", f"{label.en}: {text.en}") for label, text in zip(LABELS.values(), said, strict=True)]
    )


def card_page(packs: Mapping[str, RulePack]) -> str:
    """Markdown: the cards of all packs, each rule where it is first said or where it says something else."""
    shown: dict[str, Card] = {}
    parts = [_HEAD]
    for pack in packs.values():
        own = [rule for rule in pack.rules if rule.card is not None and shown.get(rule.id) != rule.card]
        shown.update({rule.id: rule.card for rule in own if rule.card is not None})
        parts.append(f"## {pack.title.zh} · {pack.title.en} (`{pack.id}`)")
        parts += ["\n".join(_lines(rule)) for rule in own]
    return "\n\n".join(parts) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    levels = list(dict.fromkeys([stage.level for stage in rule.alarms]))
    zh, en = "、".join([LEVELS[level].zh for level in levels]), ", ".join([LEVELS[level].en for level in levels])
    yield f"### {rule.title.zh} · {rule.title.en}"
    yield ""
    yield f"`{rule.id}`: {zh} {en}"
    yield ""
    for said in card_said(rule.card) if rule.card is not None else ():
        yield f"- {said.zh}  "
        yield f"  {said.en}"
