"""Packaging hook: a wheel carries the built web console; an editable install does not wait for one."""

import importlib.util
import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP_VARIABLE = "SHOUWANG_WITHOUT_CONSOLE"


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Builds dashboard/static before the files of the wheel are gathered."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the console when a real wheel is made. ``SHOUWANG_WITHOUT_CONSOLE=1`` leaves it out."""
        if version == "editable" or os.environ.get(SKIP_VARIABLE):
            return
        root = Path(self.root)
        self._builder(root).build(root, self.app.display_info)
        build_data["artifacts"].append("dashboard/static/")

    @staticmethod
    def _builder(root: Path) -> Any:
        """The module dashboard/build_console.py, loaded by its path: while building, the project is not importable."""
        spec = importlib.util.spec_from_file_location("build_console", root / "dashboard" / "build_console.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(root / "dashboard" / "build_console.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
