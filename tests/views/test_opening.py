"""What opens is made at the first press, kept while it is closed, and follows the file only while it is open."""

from __future__ import annotations

import ipywidgets as widgets

from kizuna.errors import KizunaError
from kizuna.views.opening import Opening
from kizuna.views.parts import Mark, html


def test_it_is_made_once_filled_whenever_it_opens_and_refreshed_only_while_open() -> None:
    done: list[str] = []
    inside = html("中")

    def make() -> list[widgets.Widget]:
        done.append("made")
        return [inside]

    one = Opening(("ひらく", "とじる"), make, lambda: done.append("filled"), Mark(), lead=html("題"))
    lead, press = one.children[0].children
    one.refresh()
    assert (done, one.is_open, press.description, lead.value, len(one.children)) == ([], False, "ひらく", "題", 1)
    press.click()
    assert (done, one.is_open, press.description, one.children[-1]) == (["made", "filled"], True, "とじる", inside)
    one.refresh()
    press.click()
    one.refresh()
    assert (len(done), one.is_open, press.description) == (3, False, "ひらく")
    press.click()
    assert done == ["made", "filled", "filled", "filled"] and one.children[-1] is inside


def test_what_cannot_be_made_is_told_and_it_stays_closed() -> None:
    mark = Mark()

    def make() -> list[widgets.Widget]:
        raise KizunaError("名簿が、まだ空です。")

    one = Opening(("ひらく", "とじる"), make, lambda: None, mark)
    one.children[0].children[0].click()
    assert "名簿が、まだ空です" in mark.value and not one.is_open
