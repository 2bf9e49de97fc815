"""Rule packs on the disk: a pack and all that it extends, read into the one text that the chain needs."""

from dataclasses import dataclass, replace
from pathlib import Path

from rules.definition import RulePack
from rules.pack import Fault, PackError, read_pack
from rules.pack_bundle import FILES_MAX, bundle, extended_by, pack_id_of
from shouwang.settings import PACKS


class PackUnreadableError(PackError):
    """A file that is not there, or is no text; told in the form of a fault, like all that is wrong with a pack."""


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The whole text of a pack, and where each part of it lies."""

    path: Path
    text: str
    paths: dict[str, Path]  # of what it extends, by the name that faults give it

    def read(self) -> RulePack:
        """The pack. Raises PackError with every fault, each with the path of its file."""
        try:
            return read_pack(self.text, str(self.path))
        except PackError as error:
            raise PackError(tuple(self._placed(fault) for fault in error.faults)) from None

    def _placed(self, fault: Fault) -> Fault:
        path = self.paths.get(fault.file)
        return fault if path is None else replace(fault, file=str(path))


def load_pack(path: Path, beside: tuple[Path, ...] = ()) -> PackFiles:
    """The pack in this file, with all that it extends: from ``beside``, else from its folder, else from the bundled packs.

    What cannot be found is left out; ``read`` says which. Raises PackUnreadableError.
    """
    text = _text(path)
    main = pack_id_of(text) or path.stem
    texts, paths = {main: text}, {}
    given = {pack_id_of(_text(other)): other for other in beside}
    waiting = [(name, path.parent) for name in extended_by(text)]
    while waiting and len(texts) <= FILES_MAX:
        name, folder = waiting.pop(0)
        found = given.get(name) or _find(name, folder)
        if name in texts or found is None:
            continue
        texts[name], paths[f"{name}.yaml"] = _text(found), found
        waiting += [(base, found.parent) for base in extended_by(texts[name])]
    return PackFiles(path, bundle(main, texts), paths)


def _find(name: str, folder: Path) -> Path | None:
    """The file of a pack that is extended. Its name comes from a file, so it must be a word and no way through folders."""
    candidates = [place / f"{name}.yaml" for place in (folder, PACKS)] if name.replace("_", "").isalnum() else []
    return next((path for path in candidates if path.is_file()), None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        why = f"is not UTF-8 text (byte {fault.start}): save it as UTF-8"
    except OSError as fault:
        why = f"cannot be read: {fault.strerror}"
    raise PackUnreadableError((Fault(str(path), 1, 1, why),))
