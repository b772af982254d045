"""Ends a server gently: whatever way it is asked to stop, it stops once, and says so without a traceback."""

from __future__ import annotations

import platform
import signal
from collections.abc import Callable
from types import FrameType

from tornado.ioloop import IOLoop, PeriodicCallback

BYE = "終わりました。おつかれさまでした。保存と表示された内容は残っています。"

_WAYS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def stop_on_signals(loop: IOLoop, stop: Callable[[], None]) -> None:
    """Call ``stop`` in ``loop`` at the first Ctrl+C, ``kill``, or closing of the terminal; later ones change nothing."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            loop.add_callback_from_signal(stop)

    for name in _WAYS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), ask)
    if platform.system() == "Windows":
        # On Windows a waiting loop does not notice Ctrl+C; waking it twice a second lets Python run the handler.
        PeriodicCallback(lambda: None, 500).start()
