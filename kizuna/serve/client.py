"""The server's own talk with a kernel while it makes a page."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient

_ANSWER = 1.0  # seconds for the kernel to answer; the question waits for it on the way
_ECHO = 0.05  # seconds for the same to be heard on the other channel, which drops what is said before it is connected
_KNOCK = 10  # milliseconds between two tries to connect to a kernel that does not listen yet (usually 100)


class PageClient(AsyncKernelClient):
    """Knows that a kernel is ready as soon as it says so; the library always listens for another fifth of a second."""

    is_open = False  # True where a kernel has waited for its visitor, and this has long been connected

    def start_channels(self, *args: Any, **kwargs: Any) -> None:
        """Connect, trying often: a kernel that branched off listens within a tenth of a second."""
        if self.is_open:
            return
        self.context.setsockopt(zmq.RECONNECT_IVL, _KNOCK)
        super().start_channels(*args, **kwargs)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return once the kernel may be given work; raises ``RuntimeError`` where it died or took too long."""
        if not self.is_open:
            await self.answered(timeout)

    async def answered(self, timeout: float | None = None) -> None:
        """Return once the kernel has answered and is heard on both channels; raises ``RuntimeError`` where it died or took too long."""
        until = time.monotonic() + (timeout or float("inf"))
        born = self._process
        while True:
            asked = self.kernel_info()
            try:
                reply = await self._heard(self.shell_channel, "kernel_info_reply", asked, _ANSWER)
                # A kernel says on the other channel that it has done what it was asked; what it said before has been heard then.
                while (await self._heard(self.iopub_channel, "status", asked, _ECHO))["content"]["execution_state"] != "idle":
                    pass
            except Empty:
                if await self._is_gone(born):
                    raise RuntimeError("the kernel died before it answered") from None
                if time.monotonic() > until:
                    raise RuntimeError(f"the kernel did not answer in {timeout} seconds") from None
            else:
                self._handle_kernel_info_reply(reply)
                return

    async def value(self, expression: str) -> Any:
        """What an expression gives, as it is shown as ``application/json``; raises ``RuntimeError`` where it fails, or the kernel dies over it."""
        asked = self.execute(f"_value = {expression}", silent=True, user_expressions={"value": "_value"}, allow_stdin=False)
        born = self._process
        reply = None
        while reply is None:
            try:
                reply = await self._heard(self.shell_channel, "execute_reply", asked, _ANSWER)
            except Empty:
                if await self._is_gone(born):
                    raise RuntimeError("the kernel died while it worked") from None
        content = reply["content"]
        if content["status"] != "ok":
            raise RuntimeError("\n".join(content["traceback"]))
        return content["user_expressions"]["value"]["data"]["application/json"]

    async def _is_gone(self, born: Any) -> bool:
        """Whether the kernel that was born so is no more; one that is started in its place is not heard here."""
        return not await self._async_is_alive() or self._process != born

    @property
    def _process(self) -> Any:
        """What tells the kernel's process from one that is started in its place; None where it is not ours to know."""
        provisioner = getattr(self.parent, "provisioner", None)
        return getattr(provisioner, "pid", None)

    async def _heard(self, channel: Any, kind: str, asked: str, seconds: float) -> dict[str, Any]:
        """The next message of this kind that answers the question; raises ``Empty`` when nothing is said for so long."""
        while True:
            message: dict[str, Any] = await channel.get_msg(timeout=seconds)
            if message["msg_type"] == kind and message["parent_header"].get("msg_id") == asked:
                return message
