"""With no network but this machine itself: a plan, a hand-in, a report and a page are made all the same."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests import offline
from tests.examples import example_bytes

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not offline.possible(), reason="this system lets nobody have a network namespace")


def run(folder: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "KIZUNA_HOME": str(folder / "kizuna"), "PYTHONUTF8": "1"}
    done = subprocess.run(offline.command(*arguments), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_is_no_way_out_in_there(tmp_path: Path) -> None:
    code = "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), 2)\nexcept OSError as error:\n    print(error.errno)"
    assert run(tmp_path, "-c", code).strip() == "101"  # ENETUNREACH


def test_a_plan_a_hand_in_and_a_report_are_made(tmp_path: Path) -> None:
    voices = next((ROOT / "datasets" / "bookshop").glob("*.csv"))
    run(tmp_path, "-m", "kizuna.cli", "plan", str(voices), "--out", str(tmp_path / "plan"))
    assert list((tmp_path / "plan").glob("*.html")) and list((tmp_path / "plan").glob("*.xlsx"))
    book, given = tmp_path / "ノート.kizuna", tmp_path / "提出"
    book.write_bytes(example_bytes())
    given.mkdir()
    run(tmp_path, "-m", "kizuna.cli", "handin", str(book), "--out", str(given / "a.kizuna-teishutsu"), "--yes")
    run(tmp_path, "-m", "kizuna.cli", "report", str(given), "--out", str(tmp_path / "out"))
    assert len(list((tmp_path / "out").rglob("*.html"))) >= 2


def test_a_page_is_served(tmp_path: Path) -> None:
    doors = "tests/browser/test_doors.py::test_it_listens_on_this_machine_only"
    assert "1 passed" in run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{doors}[start]")
