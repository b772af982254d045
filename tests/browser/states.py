"""The three states a page is looked at in: nothing yet, half way, and full; made by the functions the forms call, without a page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from unittest import mock

from kizuna.process import Part
from kizuna.steps import plan, themes
from kizuna.workbook import place
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import bring_in
from kizuna.workbook.reading import guess_columns, read_pasted
from kizuna.workbook.store import open_workbook
from tests.examples import example_bytes

if TYPE_CHECKING:
    from pathlib import Path

STATES = ("empty", "half", "full")
LINES = """雨の日でも読める席がほしいです
買った本の感想を、だれかに話せたらいいのに
駐車場の場所が分かりにくかったので、地図があると助かります
子どもの本を、年齢ごとに教えてほしい
閉店時間がもう少し遅いとうれしいです"""


def put(home: Path, state: str) -> None:
    """Bring the folder of workbooks ``home`` (empty before) into ``state``, one of ``STATES``."""
    with mock.patch.dict(os.environ, KIZUNA_HOME=str(home)):
        if state == "half":
            _begin_own(home / place.OWN)
        elif state == "full":
            (home / place.SAMPLE).write_bytes(example_bytes())
            place.choose(home / place.SAMPLE)


def _begin_own(path: Path) -> None:
    """A workbook with a name, five voices, no themes, and one item whose theme was dissolved again."""
    book = open_workbook(path)
    save_answer(book, "shop", "港の古本 ひとやすみ")
    table = read_pasted(LINES)
    bring_in(book, table, guess_columns(table))
    theme = themes.make(book, Part.FOLLOWUP, "席のこと", [themes.unplaced(book, Part.FOLLOWUP)[0].id])
    plan.begin(book, Part.FOLLOWUP, theme)
    themes.remove(book, theme)
    book.close()
