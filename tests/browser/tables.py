"""A notebook with a long table of people that no one has met; for the tests of the table and for its benchmark."""

from __future__ import annotations

from pathlib import Path

import nbformat

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
NAME = "table.ipynb"
OPEN = 'from kizuna import open_page\n\npage = open_page("03_followup_plan")'
TABLE = """
from datetime import date, timedelta

from kizuna.errors import KizunaError
from kizuna.views.grid import Column, Grid
from kizuna.views.page import Form

STEPS = tuple((f"{step} 段め", step) for step in range(1, 6))


class People(Form):
    def build(self):
        self.people = {
            row: {"name": f"お客{row}", "note": f"好きな本は{row}冊", "since": date(2026, 1, 1) + timedelta(days=row * 7 % 300),
                  "visits": float(row * 37 % 101), "step": row % 5 + 1, "gift": None}
            for row in range(1, ROWS + 1)
        }
        self.people[3]["name"] = "<img src=x onerror=\\"document.title='hurt'\\">"
        columns = (
            Column("name", "お名前"), Column("note", "おぼえ", "long"), Column("since", "いつから", "date", width="178px"),
            Column("visits", "来た回数", "number", width="120px", unit="回"), Column("step", "段", "select", STEPS, width="140px"),
            Column("gift", "贈り物", "number"),
        )
        self.grid = Grid(columns, self.edit, self.mark, add=self.add, remove=self.drop)
        self.lay(self.grid)

    def refresh(self):
        self.grid.show(list(self.people.items()))

    def edit(self, row, key, value, seen):
        if value == "断る":
            raise KizunaError("これは受け取れません。")
        self.people[row][key] = value
        self.refresh()
        self.saved()

    def add(self):
        self.people[max(self.people) + 1] = {"name": "", "step": 1}
        self.refresh()
        self.saved("一行ふやしました")

    def drop(self, row):
        del self.people[row]
        self.refresh()
        self.saved("消しました")


people = People(page, "会った方")
people
"""


def write(folder: Path, rows: int) -> Path:
    """Put the notebook with a table of so many rows into ``folder``; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = [nbformat.v4.new_code_cell(OPEN), nbformat.v4.new_code_cell(f"ROWS = {rows}\n{TABLE}")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), folder / NAME)
    return folder
