"""How glad people were in their own words, beside how long we have not met them: joy alone brings nobody back."""

from __future__ import annotations

from collections import defaultdict

from kizuna.process import Part
from kizuna.steps.feedback import Kind, feedback
from kizuna.workbook.store import Workbook

SORRY, BOTH, JOY = range(3)
GLAD = {SORRY: "気になったことがある", BOTH: "どちらもある", JOY: "喜んでくださった"}


def gladness(book: Workbook) -> dict[int, int]:
    """For everybody whose feedback on either part tells of joy or trouble, how it reads: a hint, as the readings are."""
    found: dict[int, set[Kind]] = defaultdict(set)
    for part in Part:
        for one in feedback(book, part).passages:
            found[one.card.person_id] |= {Kind.PRAISE, Kind.COMPLAINT} & {*one.kinds}
    return {person_id: _level(kinds) for person_id, kinds in found.items() if kinds}


def _level(kinds: set[Kind]) -> int:
    if len(kinds) > 1:
        return BOTH
    return JOY if Kind.PRAISE in kinds else SORRY
