"""Our widgets share their looks, and one is hidden without hiding the others."""

from __future__ import annotations

import ipywidgets
import pytest

from kizuna.views import plain
from kizuna.views.files import Papers
from kizuna.views.parts import Mark
from kizuna.views.plain import is_shown, show
from tests.examples import the_example
from tests.notebook import page_of

KINDS = [getattr(plain, name) for name in plain.__all__ if name[0].isupper() and name != "Widget"]


@pytest.mark.parametrize("kind", KINDS)
def test_two_of_a_kind_share_their_looks_and_are_as_in_the_library(kind) -> None:
    one, other, theirs = kind(), kind(), getattr(ipywidgets, kind.__name__)()
    assert one.layout is other.layout and theirs.layout is not one.layout
    if "style" in kind.class_trait_names():
        assert one.style is other.style and theirs.style is not one.style
        assert one.style.get_state().keys() >= theirs.style.get_state().keys()
    mine, library = one.get_state(), theirs.get_state()
    assert {key for key in library if key not in ("layout", "style", "value") and mine[key] != library[key]} == set()


def test_one_is_hidden_and_shown_and_the_others_stay() -> None:
    one, other = plain.HTML("春"), plain.HTML("夏")
    show(one, False)
    assert (is_shown(one), one.layout.display, is_shown(other)) == (False, "none", True)
    show(one, [1])
    assert is_shown(one) and one.layout is other.layout


def test_a_piece_of_our_own_keeps_its_own_layout() -> None:
    one = Papers([], Mark())
    layout = one.layout
    for yes in (False, True):
        show(one, yes)
        assert one.layout is layout and is_shown(one) == yes


def test_nobody_changes_what_all_share() -> None:
    with pytest.raises(AttributeError, match="show"):
        plain.HTML().layout.display = "none"
    assert is_shown(plain.HTML())


def test_another_is_made_where_the_shared_one_was_closed() -> None:
    plain.HTML().layout.close()
    assert plain.HTML().layout.comm is not None


def test_the_browser_hears_of_a_widget_when_it_is_shown_and_once() -> None:
    inside, apart = plain.HTML("春"), plain.HTML("夏")
    one = plain.VBox([inside])
    one.add_class("kz-field")
    assert one.comm is inside.comm is apart.comm is None
    told = one._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]
    assert told["model_id"] == one.model_id == one.comm.comm_id
    assert inside.comm is not None and apart.comm is None
    one.children = [inside, apart]
    one.get_state()  # as it is sent
    assert apart.comm is not None
    for closed in (one, inside, apart):
        closed.close()
        assert closed.comm is None


def test_a_page_holds_few_looks() -> None:
    ipywidgets.Widget.close_all()
    for form in page_of("05_followup_feedback", the_example()).forms:
        assert form.model_id  # as if it were shown
    made = ipywidgets.widgets.widget._instances.values()
    looks = [one for one in made if isinstance(one, ipywidgets.Layout) or type(one).__name__.endswith("Style")]
    assert len(looks) < len(list(made)) / 8
