"""The settings for a class that shares one server: what keeps one account from hearing another's kernels is there, and what they point at too."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

CONFIG = Path(__file__).parents[2] / "docs" / "jupyterhub_config.py"


class Settings(SimpleNamespace):
    def __getattr__(self, name: str) -> Any:
        setattr(self, name, Settings())
        return getattr(self, name)


def test_kernels_are_encrypted_and_the_server_answers_here_alone() -> None:
    c = Settings()
    exec(CONFIG.read_text(encoding="utf-8"), {"get_config": lambda: c})
    assert "--KernelManager.transport_encryption=required" in c.Spawner.args
    assert c.Spawner.ip == "127.0.0.1" and "127.0.0.1" in c.JupyterHub.bind_url
    assert (Path(c.Spawner.environment["JUPYTER_CONFIG_PATH"]) / "labconfig").is_dir()
