"""The hand-in (提出用ファイル): what of a workbook leaves the machine, looked at first and then made.

``leaving`` and ``covering`` decide and cover, row by row; ``listing`` is what the owner reads; ``making`` makes the file of just that.
"""

from kizuna.steps.handin.listing import Count, HandIn, Leaving, Section, listed
from kizuna.steps.handin.making import file_name, hand_in, prepare
from kizuna.steps.handin.words import HandInWords, questions, words

__all__ = ["Count", "HandIn", "HandInWords", "Leaving", "Section", "file_name", "hand_in", "listed", "prepare", "questions", "words"]
