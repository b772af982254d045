"""A process that branches off owners who work in a workbook as fast as they can and say what was shown to them as saved.

Each line it reads is ``[[seed, whether to undo], …]``: for each an owner begins; it answers with their processes, then with what they report,
and with ``null`` once all have ended.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select

from kizuna.workbook.intake import bring_in
from kizuna.workbook.models import Act
from kizuna.workbook.reading import guess_columns, read_file
from kizuna.workbook.store import Workbook, open_workbook
from tests.workbook.forks import WORDS, act


def main(path: Path) -> None:
    for line in sys.stdin:
        owners = []
        for seed, undo in json.loads(line):
            if (child := os.fork()) == 0:
                try:
                    work(path, seed, undo)
                finally:
                    os._exit(1)
            owners.append(child)
        tell(owners)
        for child in owners:
            os.waitpid(child, 0)
        tell(None)


def work(path: Path, seed: int, undo: bool) -> None:
    book, chance = open_workbook(path), random.Random(seed)
    while True:
        if chance.random() < 0.1:
            import_some(book, chance)
        else:
            act(book, chance.randrange(27 if undo else 25), *(chance.randrange(400) for _ in range(3)))
        with book.reading() as session:
            last = list(session.scalars(select(Act).order_by(Act.id.desc()).limit(8)))
        tell([[one.id, one.label, one.state] for one in last])


def import_some(book: Workbook, chance: random.Random) -> None:
    lines = "".join(f"{chance.randrange(10**6)}さん,{WORDS[chance.randrange(len(WORDS))]}\n" for _ in range(chance.randrange(1, 30)))
    table = read_file(f"{chance.randrange(10**6)}.csv", f"お名前,ご要望\n{lines}".encode())
    bring_in(book, table, guess_columns(table))


def tell(what: Any) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
