"""影子规则: a draft rule that stands in the pack and is checked with it, and does nothing: no warning, no alarm, nobody is told.

The chain leaves it out; a backtest plays the same events once more with the shadows at work, and says what they would have done.
"""

from dataclasses import replace

from rules.definition import RulePack


def shadow_rules(pack: RulePack) -> dict[str, str]:
    """The shadow rules of a pack, each with its hazard, in the order of the pack."""
    return {rule.id: rule.hazard for rule in pack.rules if rule.is_shadow}


def in_earnest(pack: RulePack) -> RulePack:
    """The same pack with its shadow rules at work."""
    rules = tuple([replace(rule, is_shadow=False) for rule in pack.rules])
    own = {name: in_earnest(one) for name, one in pack.by_community.items()}
    return replace(pack, rules=rules, by_community=own)
