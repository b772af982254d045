import numpy as np

from kizuna.language import communities as module
from kizuna.language.communities import MOST, communities
from kizuna.language.likeness import unit_rows


def heaps(count, each, seed=0, width=40):
    """Rows around so many directions, the heaps one after the other."""
    random = np.random.default_rng(seed)
    middles = np.repeat(random.normal(size=(count, width)), each, axis=0)
    rows = middles + 0.3 * random.normal(size=middles.shape)
    return unit_rows(rows - rows.mean(axis=0))


def test_heaps_are_found_and_no_row_is_lost():
    found = communities(heaps(4, 10))
    assert sorted(i for part in found for i in part) == list(range(40))
    assert sorted(tuple(sorted(part)) for part in found) == [tuple(range(first, first + 10)) for first in range(0, 40, 10)]


def test_there_are_never_more_groups_than_a_person_reads():
    found = communities(heaps(30, 6))
    assert sum(len(part) > 1 for part in found) <= MOST and sum(map(len, found)) == 180


def test_of_many_rows_a_sample_makes_the_groups_and_the_others_follow(monkeypatch):
    rows = heaps(5, 40)
    monkeypatch.setattr(module, "SAMPLE", 60)
    found = communities(rows)
    assert sorted(tuple(sorted(part)) for part in found) == [tuple(range(first, first + 40)) for first in range(0, 200, 40)]


def test_rows_of_zeros_stay_alone():
    found = communities(np.concatenate([heaps(2, 6), np.zeros((2, 40))]))
    assert [12] in found and [13] in found
