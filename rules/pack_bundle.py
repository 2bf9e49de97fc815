"""One text that holds a pack and every pack it extends: what is journaled at an activation must need no other file.

A pack that extends nothing stays the YAML that a person wrote. One that extends others becomes one line of canonical JSON:
``{"files": {id: text, …}, "main": id, "shouwang_packs": 1}``. The same texts give the same line, hence the same digest, wherever
the files lay.
"""

import json
from collections.abc import Mapping
from typing import Final

from rules.pack_text import Faults, read_tree

_MARK: Final = '"shouwang_packs":1}'
_HEAD: Final = '{"files":{'
FILES_MAX: Final = 16
"""Packs of one composition; ours. A base, a trade, a site and a house are four."""


def bundle(main: str, texts: Mapping[str, str]) -> str:
    """One text for the pack with the id ``main`` and all that it extends. Raises KeyError where ``main`` is not among them."""
    if len(texts) == 1:
        return texts[main]
    whole = {"files": {name: texts[name] for name in sorted(texts)}, "main": main, "shouwang_packs": 1}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def is_bundle(text: str) -> bool:
    """Whether this text holds several packs."""
    return text.startswith(_HEAD) and text.rstrip().endswith(_MARK)


def unbundle(text: str, faults: Faults) -> dict[str, str] | None:
    """The texts by pack id, the main one first; a plain pack is ``{"": text}``. None, and a fault, for what is damaged."""
    if not is_bundle(text):
        return {"": text}
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        faults.add(1, 1, f"this set of packs is damaged: {error}")
        return None
    files, main = whole.get("files"), whole.get("main")
    if not isinstance(files, dict) or main not in files or not all(isinstance(each, str) for each in files.values()):
        faults.add(1, 1, "this set of packs is damaged: it has no main pack, or one that is no text")
        return None
    if len(files) > FILES_MAX:
        faults.add(1, 1, f"{len(files)} packs in one composition; at most {FILES_MAX} are read")
        return None
    return {main: files[main], **{name: files[name] for name in sorted(files) if name != main}}


def extended_by(text: str) -> tuple[str, ...]:
    """The ids of the packs that this one extends, as far as it can be read; what is wrong with it is said by ``read_pack``."""
    tree = read_tree(text, Faults(""))
    if tree is None or not isinstance(tree.value, dict):
        return ()
    named = tree.value.get("extends")
    words = named if isinstance(named, list) else [named]
    return tuple([word for word in words if isinstance(word, str)])


def pack_id_of(text: str) -> str:
    """The id that this text gives itself, or ''."""
    tree = read_tree(text, Faults(""))
    found = tree.value.get("pack") if tree is not None and isinstance(tree.value, dict) else None
    return found if isinstance(found, str) else ""
