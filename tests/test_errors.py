"""A sentence that repeats what was written cannot turn the rest of its line."""

from __future__ import annotations

import pickle

import pytest

from kizuna.errors import KizunaError
from kizuna.steps.offer import read_mark


def test_what_turns_a_line_does_not_come_back_in_a_sentence() -> None:
    with pytest.raises(KizunaError) as wrong:
        read_mark("\u202eた\x1b[31m\u2066ぶん\u200f\x00")
    assert str(wrong.value) == "「た[31mぶん」は、○か×のどちらかに読めません。○か×で書いてください。"


def test_all_else_stays_also_over_several_lines_and_across_processes() -> None:
    said = "「が👩\u200d👧 ｶﾞ」は\n\t読めません。"
    assert str(KizunaError(said)) == str(pickle.loads(pickle.dumps(KizunaError(said)))) == said
