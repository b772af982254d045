import numpy as np

from kizuna.language import boxes as module
from kizuna.language.boxes import scores
from kizuna.language.likeness import unit_rows


def blocks(rows):
    """Two views: the first says nothing, the second holds the rows."""
    rows = np.array(rows, float)
    return [unit_rows(np.ones((len(rows), 2))), rows]


RED, BLUE = [1.0, 0.0, 0.5], [-1.0, 0.0, 0.5]


def test_a_card_goes_where_its_like_lie():
    found = scores(blocks([RED, BLUE, [0.8, 0.3, 0.1], [-0.7, 0.2, 0.0]]), np.array([0, 1, -1, -1]), 2)
    assert found.shape == (4, 2)
    assert found[2].argmax() == 0 and found[3].argmax() == 1


def test_a_difference_within_a_box_counts_less(monkeypatch):
    """The person puts cards together that differ in the second column: so that column tells less, and the first decides."""
    rows = [[0.3, 0.9, 0.0], [0.3, -0.5, 0.0], [-0.3, -0.9, 0.0], [-0.3, 0.5, 0.0], [0.15, -0.33, 0.0]]
    homes = np.array([0, 0, 1, 1, -1])
    assert scores(blocks(rows), homes, 2)[4].argmax() == 0
    monkeypatch.setattr(module, "FORGET", 0.0)
    assert scores(blocks(rows), homes, 2)[4].argmax() == 1


def test_a_box_that_has_only_a_name_is_known_by_it():
    found = scores(blocks([RED, [-0.9, 0.1, 0.4]]), np.array([0, -1]), 2, blocks([BLUE]), [1])
    assert found[1].argmax() == 1


def test_one_box_and_empty_cards_do_no_harm():
    found = scores(blocks([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], RED]), np.array([0, -1, -1]), 1)
    assert np.isfinite(found).all()
