"""From a file a shopkeeper has to customers' voices: pure functions, no database, no widgets.

``read_file`` / ``read_pasted`` → ``Table``; ``guess_columns`` → ``Column`` for each column; ``take`` → ``Taken``; ``read_talk_times`` → ``Spoken``.
"""

from kizuna.workbook.reading.cell import clean
from kizuna.workbook.reading.cells import Cells, read_cells
from kizuna.workbook.reading.columns import Column, guess_columns
from kizuna.workbook.reading.dates import read_date
from kizuna.workbook.reading.file import read_file, read_pasted, read_talk_times
from kizuna.workbook.reading.role import Role, Topic
from kizuna.workbook.reading.table import Problem, Row, Table
from kizuna.workbook.reading.talk import Spoken
from kizuna.workbook.reading.voices import Heard, Taken, take

__all__ = [
    "Cells",
    "Column",
    "Heard",
    "Problem",
    "Role",
    "Row",
    "Spoken",
    "Table",
    "Taken",
    "Topic",
    "clean",
    "guess_columns",
    "read_cells",
    "read_date",
    "read_file",
    "read_pasted",
    "read_talk_times",
    "take",
]
