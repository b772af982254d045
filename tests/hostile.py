"""The worked example with texts in it that want to run, to fetch, to break out of their place, or to turn the line around."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

from kizuna.workbook.models import fingerprint
from kizuna.workbook.policy import POLICY, Way, answer_way
from kizuna.workbook.store import open_workbook
from tests.examples import example_bytes

RAN = "document.documentElement.dataset.ran=1"
OUTSIDE = "http://outside.invalid"
HOSTILE = (
    f"</textarea></title></style></script><script>{RAN}</script><img src=x onerror=\"{RAN}\"><svg onload='{RAN}'></svg>"
    f"<iframe srcdoc='<script>{RAN}</script>'></iframe><img src={OUTSIDE}/a.png><link rel=stylesheet href={OUTSIDE}/a.css>"
    f"{{{{ 7*7 }}}}{{% raw %}}${{7*7}} $\\LaTeX$ **b** [x](javascript:{RAN}) ![p]({OUTSIDE}/b.png) `c` \x1b[31m\x07\u202eうら\u2067\u200b\ufeff"
)
# A line that begins like a formula, for cells.
FORMULAS = ("=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://outside.invalid","x")')
NAME = "<img src=x onerror=document.title=1> =1+1 \u202e"  # of a file
_TEXT = (Way.MASK, Way.PSEUDONYM, Way.BLANK)
_KEYS = {
    ("answer", "industry"),
    ("choice", "often"),
    ("recurring", "point"),
    ("member", "role"),
    ("member", "often"),
    ("voice", "column"),
    ("consent", "guardian"),
    ("source", "columns"),
}


def hostile_workbook(path: Path) -> Path:
    """The worked example at ``path``: every text that a person may write begins with a formula and ends with ``HOSTILE``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(example_bytes())
    open_workbook(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        kinds = {(table, row[1]): row[2] for table in POLICY for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()}
        for table, ways in POLICY.items():
            for column, way in ways.items():
                if way in _TEXT and (table, column) not in _KEYS and kinds[table, column] == "VARCHAR" and table not in ("answer", "voice"):
                    _spoil(connection, table, column)
        for number, text in connection.execute("SELECT id, text FROM voice").fetchall():
            text = text + HOSTILE
            connection.execute("UPDATE voice SET text = ?, sha256 = ? WHERE id = ?", (text, fingerprint(text), number))
        for number, key, value in connection.execute("SELECT id, key, value FROM answer").fetchall():
            said = json.loads(value) if isinstance(value, str) else value
            if answer_way(key) is Way.MASK and ("answer", key) not in _KEYS and isinstance(said, str):
                connection.execute("UPDATE answer SET value = ? WHERE id = ?", (json.dumps(said + HOSTILE), number))
        connection.execute("UPDATE source SET name = name || ?", (NAME,))
        connection.execute("UPDATE quote SET end = (SELECT length(text) FROM voice WHERE voice.id = voice_id) WHERE id % 2 AND start = 0")
    return path


def _spoil(connection: sqlite3.Connection, table: str, column: str) -> None:
    for number, text in connection.execute(f'SELECT id, "{column}" FROM "{table}"').fetchall():
        if text:
            formula = FORMULAS[number % len(FORMULAS)] if column == "name" else ""
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (f"{formula}{text}{HOSTILE}", number))
