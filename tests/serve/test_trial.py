"""What the stem tries once: it leaves nothing behind but what is quicker the second time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kizuna.serve.stem import can_branch
from kizuna.serve.trial import _LEFT_OUT, _makers
from kizuna.views import forms

ASK = """
import json, os, sys
from kizuna.serve import stem
stem._load()
from comm import get_comm_manager
from ipywidgets.widgets.widget import _instances
from kizuna.content import _load as words
from kizuna.serve.trial import try_forms
before = words.cache_info().misses
made = try_forms()
print(json.dumps({
    "made": made, "widgets": len(_instances), "comms": len(get_comm_manager().comms), "words": words.cache_info().misses - before,
    "threads": len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 1, "numbers": "numpy" in sys.modules,
}))
"""


def test_it_makes_every_form_and_leaves_no_widget_no_thread_and_no_file(tmp_path: Path) -> None:
    environment = {**os.environ, "KIZUNA_HOME": str(tmp_path / "kizuna"), "HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env=environment, timeout=120)
    told = json.loads(done.stdout)
    assert told.pop("made") == 2 * len(list(_makers())) > 2 * 75
    assert told.pop("words") > 15
    assert told == {"widgets": 0, "comms": 0, "threads": 1, "numbers": False}
    assert not (tmp_path / "kizuna").exists()


def test_only_what_is_named_and_what_needs_more_than_a_page_is_left_out() -> None:
    tried = set(_makers())
    assert {name for name in forms.__all__ if getattr(forms, name) not in tried} == {*_LEFT_OUT, "fields"}


@pytest.mark.skipif(not can_branch(), reason="kernels branch off on Linux only")
def test_a_form_that_breaks_breaks_no_stem(monkeypatch: pytest.MonkeyPatch) -> None:
    from kizuna.serve import stem, trial

    def broken() -> None:
        raise RuntimeError("a form that breaks")

    monkeypatch.setattr(trial, "try_forms", broken)
    monkeypatch.setattr(stem.gc, "freeze", lambda: None)
    stem._try_forms()
