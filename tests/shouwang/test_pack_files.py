"""Packs on the disk: what a pack extends is found beside it, and every fault names the file that a person must open."""

from pathlib import Path

import pytest

from rules.pack import PackError, read_pack
from rules.pack_bundle import FILES_MAX
from shouwang.pack_files import PackUnreadableError, load_pack
from shouwang.settings import PACKS

SITE = 'pack: site\nversion: "1.0.0"\ntitle: {zh: 小区, en: Site}\nextends: community\n'


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_pack_that_extends_nothing_is_its_own_text() -> None:
    file = PACKS / "community.yaml"
    assert load_pack(file).text == file.read_text(encoding="utf-8")


def test_what_is_extended_comes_from_the_bundled_packs_or_from_beside(tmp_path: Path) -> None:
    site = write(tmp_path / "a", "site.yaml", SITE)
    bundled = load_pack(site).read()
    assert (bundled.id, len(bundled.rules)) == ("site", len(load_pack(PACKS / "community.yaml").read().rules))
    own = (PACKS / "community.yaml").read_text(encoding="utf-8").replace("kinds: heat\n", "kinds: gas\n")
    write(tmp_path / "a", "community.yaml", own)
    beside = load_pack(site)
    assert beside.read().digest != bundled.digest
    assert read_pack(beside.text).digest == beside.read().digest, "the text needs no file"


def test_what_is_extended_may_be_named(tmp_path: Path) -> None:
    site = write(tmp_path / "a", "site.yaml", SITE.replace("extends: community", "extends: trade"))
    trade = write(tmp_path / "b", "some.yaml", SITE.replace("pack: site", "pack: trade"))
    with pytest.raises(PackError, match="there is no pack 'trade'"):
        load_pack(site).read()
    assert load_pack(site, (trade,)).read().id == "site"


def test_a_fault_in_a_base_names_the_path_of_its_file(tmp_path: Path) -> None:
    text = (PACKS / "community.yaml").read_text(encoding="utf-8").replace("kinds: heat\n", "kinds: heet\n")
    base, site = write(tmp_path, "community.yaml", text), write(tmp_path, "site.yaml", SITE + "disable: [nobody]\n")
    with pytest.raises(PackError) as error:
        load_pack(site).read()
    assert sorted({fault.file for fault in error.value.faults}) == [str(base), str(site)]


def test_packs_that_extend_each_other_and_too_many_come_to_an_end(tmp_path: Path) -> None:
    site = write(tmp_path, "site.yaml", SITE.replace("extends: community", "extends: other"))
    write(tmp_path, "other.yaml", SITE.replace("pack: site", "pack: other").replace("extends: community", "extends: site"))
    with pytest.raises(PackError, match="site → other → site"):
        load_pack(site).read()
    for number in range(FILES_MAX + 5):
        text = SITE.replace("pack: site", f"pack: p{number}").replace("extends: community", f"extends: p{number + 1}")
        write(tmp_path, f"p{number}.yaml", text)
    with pytest.raises(PackError, match=f"at most {FILES_MAX}"):
        load_pack(tmp_path / "p0.yaml").read()


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a.b"])
def test_a_name_is_no_way_through_folders(name: str, tmp_path: Path) -> None:
    write(tmp_path, "secret.yaml", SITE)
    site = write(tmp_path / "a", "site.yaml", SITE.replace("extends: community", f"extends: {name}"))
    with pytest.raises(PackError, match="there is no pack"):
        load_pack(site).read()


def test_a_file_that_cannot_be_read_is_told_like_a_fault(tmp_path: Path) -> None:
    with pytest.raises(PackUnreadableError, match=r"nothing\.yaml:1:1: cannot be read"):
        load_pack(tmp_path / "nothing.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff")
    with pytest.raises(PackUnreadableError, match=r"bytes\.yaml:1:1: is not UTF-8 text \(byte 0\)"):
        load_pack(tmp_path / "bytes.yaml")
