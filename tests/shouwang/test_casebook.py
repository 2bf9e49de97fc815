"""What the commands that explain read: the pack of the settings is read whole, also where it is made of others."""

from pathlib import Path

from shouwang.casebook import opened_casebook
from shouwang.options import settings_or_exit
from tests.shouwang.spine import Spine
from tests.shouwang.test_pack_files import SITE


def test_a_configured_pack_may_extend_another(tmp_path: Path, spine: Spine) -> None:
    site, config = tmp_path / "site.yaml", tmp_path / "shouwang.toml"
    site.write_text(SITE, encoding="utf-8")
    config.write_text(f'pack = "{site}"\n', encoding="utf-8")
    with opened_casebook(settings_or_exit(config, spine.folder)) as book:
        pack = book.configured_pack()
    assert pack is not None
    assert "smoke_detector" in [rule.id for rule in pack.rules]
