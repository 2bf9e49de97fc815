"""MQTT topic filters, as MQTT 5 section 4.7 says: whether a text is one, and whether it lets a topic through."""

from typing import Final

from ingest.topics import PREFIX

_LENGTH_MAX: Final = 1024


def fault_of_filter(text: str, prefix: str = PREFIX) -> str:
    """What is wrong with a filter of a foreign route, and what to do; "" when nothing is."""
    levels = text.split("/")
    if not text or len(text) > _LENGTH_MAX or "\0" in text:
        return f"a topic filter has 1 to {_LENGTH_MAX} characters and no U+0000"
    if text.startswith("$"):
        return "a filter that begins with $ is the broker's own ($SYS, $share); name plain topics"
    if any("+" in level and level != "+" for level in levels):
        return "+ stands for a whole level: write a/+/b"
    if any("#" in level and level != "#" for level in levels) or "#" in levels[:-1]:
        return "# stands alone, and at the end only: write a/#"
    if _may_meet(levels, prefix.split("/")):
        return f"it also takes what is below {prefix}/, which the service reads by itself; name the foreign topics more narrowly"
    return ""


def lets_through(topic_filter: str, topic: str) -> bool:
    """Whether a topic is among those that the filter names."""
    wanted, levels = topic_filter.split("/"), topic.split("/")
    if wanted[0] in {"+", "#"} and topic.startswith("$"):
        return False
    if wanted[-1] == "#":
        wanted.pop()
        levels = levels[: len(wanted)]
    return len(wanted) == len(levels) and all(one in {"+", level} for one, level in zip(wanted, levels, strict=True))


def _may_meet(levels: list[str], prefix: list[str]) -> bool:
    """Whether a topic below the prefix may come through."""
    for want, have in zip(levels, [*prefix, "+"], strict=False):
        if want == "#":
            return True
        if want not in {"+", have} and have != "+":
            return False
    return len(levels) > len(prefix)
