"""The widgets that kizuna's forms are made of: those of ipywidgets, all with one layout and, for each kind, one style.

How they look is the style sheet's business. By itself each widget would bring a layout and a style of its own to the browser: two of three
things that a page has to make, send and receive before it can be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets
from traitlets import HasTraits, default

from kizuna.views.telling import Line

__all__ = [
    "HTML",
    "Accordion",
    "Box",
    "Button",
    "Checkbox",
    "Combobox",
    "DatePicker",
    "Dropdown",
    "IntSlider",
    "RadioButtons",
    "Text",
    "Textarea",
    "ToggleButtons",
    "VBox",
    "Widget",
    "is_shown",
    "show",
]


class _Looks(ipywidgets.Layout):
    """A layout that many widgets share, so nobody may change it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _STYLED and self.comm is not None:
            raise AttributeError("many widgets share this layout: show or hide one by kizuna.views.plain.show")
        super().__setattr__(name, value)


_STYLED = frozenset(name for name in ipywidgets.Layout.class_trait_names(sync=True) if not name.startswith("_"))
_shared: dict[Any, Any] = {}


def _one(key: Any, kind: type[Any], **traits: Any) -> Any:
    """The one that all share; another where somebody has closed it."""
    if key not in _shared or _shared[key].comm is None:
        _shared[key] = kind(**traits)
    return _shared[key]


def show(widget: Any, yes: object) -> None:
    """Let the widget be seen, or not. (An anywidget has a layout of its own, and its view does not hear of another.)"""
    ours = isinstance(widget, _Plain)
    if ours:
        widget.layout = _one("shown", _Looks) if yes else _one("hidden", _Looks, display="none")
    else:
        widget.layout.display = "" if yes else "none"


def is_shown(widget: Any) -> bool:
    """Whether the widget is to be seen, as far as it depends on itself."""
    return bool(widget.layout.display != "none")


class _Plain(HasTraits):
    """Gives a kind of widget the shared looks, and lets the browser hear of it only when something shown refers to it.

    By itself a widget is told to the browser as soon as it is made, and then again for every class, child and word it gets while its form is built:
    four of nine messages that a page had to make, send and receive. Told late, it is told once, and what is never shown is never told.
    """

    def open(self) -> None:
        """Wait: ``model_id`` tells the browser of it."""

    @property
    def model_id(self) -> str:
        """What the browser knows the widget by; asked for by whatever shows it, and the browser is told of it then."""
        made: Any = self
        if made.comm is None and Line.quiet:
            made.comm = Line(target_name="jupyter.widget")
        elif made.comm is None:
            super().open()  # type: ignore[misc]
        return str(made.comm.comm_id)

    def __repr__(self) -> str:
        """Its kind, and no more: nobody reads all that is in it, which the library would write into every page."""
        return f"{type(self).__name__}()"

    def _repr_mimebundle_(self, **more: Any) -> Any:
        return self.model_id and super()._repr_mimebundle_(**more)  # type: ignore[misc]

    @default("layout")
    def _shared_layout(self) -> Any:
        return _one("shown", _Looks)

    @default("style")
    def _shared_style(self) -> Any:
        kind: Any = type(self).style.klass  # type: ignore[attr-defined]
        return _one(kind, kind)


if TYPE_CHECKING:
    from ipywidgets import (
        HTML,
        Accordion,
        Box,
        Button,
        Checkbox,
        Combobox,
        DatePicker,
        Dropdown,
        IntSlider,
        RadioButtons,
        Text,
        Textarea,
        ToggleButtons,
        VBox,
        Widget,
    )
else:
    Widget = ipywidgets.Widget
    for _name in __all__:
        if _name not in globals():
            globals()[_name] = type(_name, (_Plain, getattr(ipywidgets, _name)), {"__doc__": getattr(ipywidgets, _name).__doc__})
