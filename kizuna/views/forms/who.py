"""Choosing one person of the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markupsafe import Markup

from kizuna.steps.people import PersonView
from kizuna.views import plain as widgets
from kizuna.views.parts import html
from kizuna.views.plain import show

FILTER_FROM = 15  # with more people than that the choice can be narrowed by a word


class Who(widgets.VBox):
    """One person to choose; from many, by a part of the name."""

    def __init__(self, question: str, chosen: Callable[[], Any], first: str = "選んでください") -> None:
        self._chosen, self._first, self._filling = chosen, first, False
        self._names: dict[int, str] = {}
        self._filter = widgets.Text(placeholder="お名前の一部でさがす")
        self._list = widgets.Dropdown(options=[(first, 0)])
        for one in (self._filter, self._list):
            one.add_class("kz-middle")
        super().__init__([html(Markup('<div class="kz-q">{}</div>').format(question)), self._filter, self._list])
        self.add_class("kz-field")
        self._filter.observe(lambda _: self._offer(), names="value")
        self._list.observe(self._changed, names="value")

    @property
    def person(self) -> int:
        """The id of the person chosen, 0 for nobody."""
        return int(self._list.value or 0)

    @person.setter
    def person(self, person_id: int) -> None:
        self._filter.value = ""
        self._list.value = person_id if person_id in self._names else 0

    def offer(self, everyone: Sequence[PersonView]) -> None:
        """Let these people be chosen; who is chosen stays so."""
        self._names = named(everyone)
        show(self._filter, len(everyone) > FILTER_FROM)
        self._offer()

    def _offer(self) -> None:
        kept, asked = self.person, self._filter.value.strip().casefold()
        found = [(name, number) for number, name in self._names.items() if asked in name.casefold() or number == kept]
        self._filling = True
        self._list.options = [(f"{self._first}（{len(found)}人）" if asked else self._first, 0), *found]
        self._list.value = kept if kept in self._names else 0
        self._filling = False
        if kept and self.person != kept:
            self._chosen()

    def _changed(self, _: Any) -> None:
        if not self._filling:
            self._chosen()


def named(everyone: Iterable[PersonView]) -> dict[int, str]:
    """What each is called, by id; who is called like another gets her number too."""
    all_names = [one.called for one in everyone]
    twice = {name for name in all_names if all_names.count(name) > 1} if len(set(all_names)) < len(all_names) else set()
    return {one.id: f"{one.called}（{one.id}番）" if one.called in twice else one.called for one in everyone}
