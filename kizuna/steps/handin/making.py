"""The hand-in is looked at first; then the file is made of just that."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from datetime import date
from pathlib import Path

from kizuna.errors import KizunaError
from kizuna.steps.handin.covering import Cover
from kizuna.steps.handin.leaving import leaving, read, withheld
from kizuna.steps.handin.listing import HandIn, facts, sections, stays
from kizuna.steps.handin.words import words
from kizuna.workbook.policy import MADE_ON, Way, answer_way
from kizuna.workbook.store import Workbook
from kizuna.workbook.submission import SUFFIX, code, is_submission, open_submission, pack


def prepare(book: Workbook, today: date | None = None) -> HandIn:
    """All that would leave the machine, as it would leave; the same as long as the workbook and what people allow on that day are the same.

    Raises ``KizunaError`` where the workbook cannot be written (its code is kept in it), and where nothing is in it yet.
    """
    own_code = code(book)
    with book.reading() as session:
        raw, hidden = read(session), withheld(session, today or date.today())
    if not raw["voice"] and sum(answer_way(row["key"]) is not Way.STAY for row in raw["answer"]) < 2:
        raise KizunaError(words().nothing)
    cover = Cover(raw)
    rows = leaving(raw, cover, hidden)
    return HandIn(
        own_code,
        hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest(),
        tuple(sections(rows)),
        tuple(facts(rows)),
        tuple(stays(raw)),
        cover.covered,
        len(hidden),
        rows,
    )


def hand_in(book: Workbook, path: Path, approved: str, today: date | None = None) -> Path:
    """Make the file; ``approved`` is the digest of what was looked at. Returns its path, with the ending that hand-ins have.

    Raises ``KizunaError`` where the workbook has changed since, where another kind of file is there, or where it cannot be written.
    """
    made = prepare(book, today)
    if made.digest != approved:
        raise KizunaError(words().changed)
    out = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
    if out.exists() and not is_submission(out):
        raise KizunaError(f"「{out.name}」は別のファイルです。上書きしないように、ほかの名前を選んでください。")
    day = {"key": MADE_ON, "value": json.dumps((today or date.today()).isoformat())}
    last = max(made.rows["answer"], key=lambda row: int(row["id"]))
    rows = {**made.rows, "answer": [*made.rows["answer"], {**last, **day, "id": last["id"] + 1}]}
    _write(out, pack(rows))
    return out


def file_name(handed_in: HandIn) -> str:
    """What a hand-in is called: by the code, not by a name."""
    return f"提出用_{handed_in.code}{SUFFIX}"


def _write(out: Path, data: bytes) -> None:
    """Whole or not at all; what was written is opened once as the instructor will open it."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        open_submission(draft).close()
        draft.replace(out)
    except OSError as error:
        raise KizunaError(f"「{out.parent}」に書き込めませんでした。フォルダーがあるか、空きがあるかを確かめてください。") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
