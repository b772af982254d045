"""Taking a person out of the workbook with every trace of her, its history and its copies included.

``decisions`` says what becomes of every column, ``rows`` finds and does it in one file, ``files`` does it in all of them at one stroke.
"""

from kizuna.workbook.erasing.decisions import DECISIONS, After
from kizuna.workbook.erasing.files import Cleaned, Covering, begun, elsewhere, erase, finish, records, unreadable
from kizuna.workbook.erasing.rows import Cover, Covered, Found, Images, Whose, find, whose

__all__ = [
    "DECISIONS", "After", "Cleaned", "Cover", "Covered", "Covering", "Found", "Images", "Whose", "begun", "elsewhere", "erase", "find", "finish", "records",
    "unreadable", "whose",
]  # fmt: skip
