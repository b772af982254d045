"""One file of answers → a folder with the draft plan (HTML and Excel), in one go."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from kizuna.batch.files import write_files
from kizuna.language.counting import things
from kizuna.process import Part
from kizuna.script import draft_plan, draft_themes, import_voices
from kizuna.steps import research
from kizuna.steps.themes import FEWEST
from kizuna.views.sheets import plan_excel, plan_html
from kizuna.workbook.reading import Problem
from kizuna.workbook.store import MEMORY, open_workbook

STEPS = ("声を読みました", "声をまとめました", "計画を下書きしました", "書き出しました")
_MOST_TOLD = 10


@dataclass(frozen=True)
class Drafted:
    """What was made: the files, sentences to show, and the cells that could not be read."""

    files: tuple[Path, ...]
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def draft_folder(
    answers: Path | str,
    out: Path | str,
    items: int = 3,
    shop_side: Collection[str] | None = None,
    tell: Callable[[str], None] = lambda step: None,
) -> Drafted:
    """Read ``answers``, group the voices, begin a plan of ``items`` items, and write ``計画の下書き.html`` and ``.xlsx`` into ``out``.

    ``tell`` is called with a word after each of ``STEPS``. Raises ``KizunaError`` where the file cannot be read or the folder not written;
    then nothing is written.
    """
    book = open_workbook(MEMORY)
    intake = import_voices(book, answers, shop_side)
    tell(STEPS[0])
    themes = draft_themes(book)
    tell(STEPS[1])
    plan = draft_plan(book, count=items)
    tell(STEPS[2])
    contents = {
        "計画の下書き.html": plan_html(book, Part.FOLLOWUP, draft=True).encode("utf-8"),
        "計画の下書き.xlsx": plan_excel(book, Part.FOLLOWUP, draft=True),
    }
    files = write_files(Path(out), contents)
    tell(STEPS[3])
    heard = research.heard(book, Part.FOLLOWUP)
    lines = [research.honest(heard.people)]
    if heard.cards < FEWEST:
        lines.append(f"声が{heard.cards}件なので、まとまりは作っていません。{FEWEST}件からまとめます。")
    else:
        lines.append(f"{heard.voices}件の声から、{len(themes)}のまとまりと{things(len(plan.actions))}の一手を下書きしました。")
    return Drafted(files, (*lines, *(f"できました：{file}" for file in files)), intake.problems[:_MOST_TOLD])
