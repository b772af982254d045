"""What a participant hands in: the file, the code it is called by, and its opening by an instructor."""

from kizuna.workbook.submission.codes import code, well_formed
from kizuna.workbook.submission.file import SUFFIX, Row, Rows, decoded, is_submission, pack
from kizuna.workbook.submission.opening import MOST_LETTERS, open_submission

__all__ = ["MOST_LETTERS", "SUFFIX", "Row", "Rows", "code", "decoded", "is_submission", "open_submission", "pack", "well_formed"]
