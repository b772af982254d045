"""Whatever a file holds, it is read or refused in one sentence; ``tests/long`` tries more, and for longer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing import TARGETS, seeds

CASES = [(name, number) for name in TARGETS for number in range(len(seeds(name)))]
# What fuzzing found, each mended since.
FOUND = [
    ("a_workbook", "c5f0f7ff0ed811dc02"),  # a schema that is no UTF-8 stood in the sentence with its line breaks
    ("a_workbook", "0004404000dfff400000ff0426"),  # a time that is none could not be read, and the doctor found nothing
    ("a_workbook", "28010006003fe024858500a7fe"),  # the doctor fell over a time that is none
]


@pytest.mark.parametrize(("target", "data"), FOUND)
def test_what_was_found_stays_mended(target: str, data: str) -> None:
    TARGETS[target](bytes.fromhex(data))


@pytest.mark.parametrize(("target", "number"), CASES)
def test_what_fuzzing_begins_from_is_read(target: str, number: int) -> None:
    TARGETS[target](seeds(target)[number])


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_changed_only_one_sentence_comes_out(target: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(seeds(target)))
    cut = data.draw(st.integers(0, len(seed)))
    TARGETS[target](seed[:cut] + data.draw(st.binary(max_size=24)) + seed[cut + data.draw(st.integers(0, 8)) :])
