"""The server's own talk with a kernel while it makes a page."""

from __future__ import annotations

import asyncio
import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient

_STEP = 0.2  # seconds until the question is asked again: the first one may have been put before the kernel listened


class PageClient(AsyncKernelClient):
    """Knows that a kernel is ready as soon as it says so; the library always listens for another fifth of a second."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return once the kernel has answered and is heard on both channels; raises ``RuntimeError`` where it died or took too long."""
        until = time.monotonic() + (timeout or float("inf"))
        while True:
            asked = self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=_STEP)
                while reply["msg_type"] != "kernel_info_reply":
                    reply = await self.shell_channel.get_msg(timeout=_STEP)
                # Its last word about this question: whatever was said before has been heard.
                async with asyncio.timeout(_STEP):
                    while not await self._rests_after(asked):
                        pass
            except (Empty, TimeoutError):
                if not await self._async_is_alive():
                    raise RuntimeError("the kernel died before it answered") from None
                if time.monotonic() > until:
                    raise RuntimeError(f"the kernel did not answer in {timeout} seconds") from None
            else:
                self._handle_kernel_info_reply(reply)
                return

    async def _rests_after(self, asked: str) -> bool:
        said = await self.iopub_channel.get_msg(timeout=_STEP)
        return (
            said["msg_type"] == "status" and said["content"]["execution_state"] == "idle" and said["parent_header"].get("msg_id") == asked
        )
