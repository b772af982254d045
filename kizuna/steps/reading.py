"""Reading voices for their meaning: what was read once is in the workbook, so that one new voice costs milliseconds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from kizuna.errors import KizunaError
from kizuna.language.themes import same
from kizuna.language.vectors import model, packed, recall, unread
from kizuna.workbook.store import Workbook
from kizuna.workbook.vectors import quoted, store_vectors, stored_vectors, vectors_there


def read(book: Workbook, texts: Iterable[str]) -> None:
    """Make this process know the vectors of these texts: from the workbook where it has them, else by reading, and then they are kept there.

    A workbook that cannot be written is no hindrance: the next time the texts are read anew.
    """
    distinct = list(dict.fromkeys(same(text) for text in texts))
    stored = vectors_there(book, model(), distinct)
    recall(stored_vectors(book, model(), [text for text in unread(distinct) if text in stored]))
    if fresh := [text for text in distinct if text not in stored]:
        rows = packed(fresh)
        with contextlib.suppress(KizunaError):
            store_vectors(book, model(), rows, {same(text) for text in quoted(book)})
