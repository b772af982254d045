"""Ends a server gently: whatever way it is asked to stop, it stops once, and says so without a traceback."""

from __future__ import annotations

import asyncio
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


def end_what_is_left(loop: IOLoop) -> None:
    """Let go of what was being done when the stopped ``loop`` was asked to end.

    A kernel that was just being started, for example: threads that work for it wait for more as long as it is not let go, and the program for them.
    """
    aio: asyncio.AbstractEventLoop = loop.asyncio_loop  # type: ignore[attr-defined]
    if aio.is_closed():
        return
    left = asyncio.all_tasks(aio)
    for task in left:
        task.cancel()
    aio.run_until_complete(asyncio.gather(*left, return_exceptions=True))
