"""How a page tells the browser of its widgets: all at once, when the browser asks, instead of one by one while nobody listens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import comm
from ipykernel.comm.comm import BaseComm
from ipykernel.kernelbase import Kernel
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances, _remove_buffers

_METHODS = {"request_states"}  # what a browser may ask for over the widgets' own line


class Line(BaseComm):
    """A widget's line to the browser, on which nothing is said while there is no browser yet."""

    quiet = False

    def publish_msg(self, *args: Any, **kwargs: Any) -> None:
        """Say it, if anybody can hear it."""
        if Line.quiet:
            self.kernel = Kernel.instance()  # the library says nothing over a line that has none, also later
        else:
            super().publish_msg(*args, **kwargs)


@contextmanager
def nobody_listens() -> Iterator[None]:
    """Until the block ends no widget is told to anybody; whoever comes then asks for all of them."""
    Widget._handle_control_comm_msg = classmethod(_answer)
    usual, comm.create_comm = comm.create_comm, Line
    Line.quiet = True
    try:
        yield
    finally:
        Line.quiet = False
        comm.create_comm = usual


def _answer(cls: Any, message: dict[str, Any]) -> None:
    """Tell the browser of every widget there is.

    The library makes the state of each twice, and breaks off where that opens another; as one that is quiet has not opened its children.
    """
    if (method := message["content"]["data"]["method"]) not in _METHODS:
        raise RuntimeError(f"unknown method of the widgets' line: {method!r}")
    states: dict[str, Any] = {}
    with nobody_listens():
        while left := [widget for number, widget in _instances.items() if number not in states]:
            for widget in left:
                states[widget.model_id] = {
                    "model_name": widget._model_name,
                    "model_module": widget._model_module,
                    "model_module_version": widget._model_module_version,
                    "state": widget.get_state(),
                }
    states, paths, buffers = _remove_buffers(states)
    cls._control_comm.send({"method": "update_states", "states": states, "buffer_paths": paths}, buffers=buffers)
