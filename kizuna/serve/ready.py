"""One kernel that is ready for the next visitor: it runs, answers and has loaded what every page needs.

No notebook has run in it, and nothing in it belongs to a person, a page or a time: its visitor's folder must be the one it stands in, its visitor's
environment comes with the visit, and when files of the package have changed meanwhile it is let go.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager
from traitlets import default

from kizuna.serve.client import PageClient
from kizuna.serve.stem import WAITS, state_of_files

PAUSE = 1.0  # seconds from a visit until the next kernel is made: the page that is opening has the machine to itself
_SECONDS = 60  # for a kernel to load everything
_SECONDS_TO_TAKE = 2  # for a kernel that has it loaded
_LONGEST = 100  # characters of the path of a Unix socket; the system's limit is 104 or 108


class PageKernel(ServerKernelManager):
    """A kernel whose first listener may have been connected before its visitor came.

    Server and kernel talk through sockets in the server's own folder where that is possible. A port that was free when the server looked for one
    may be taken when the kernel wants it (by a page's request, or by a second server); the kernel then dies, starts anew on other ports, and is
    waited for at the old ones.
    """

    listener: PageClient | None = None

    @default("transport")
    def _default_transport(self) -> str:
        return "ipc" if platform.system() != "Windows" and len(os.fsencode(self._sockets)) < _LONGEST else "tcp"

    def _ip_default(self) -> str:
        return self._sockets if self.transport == "ipc" else str(super()._ip_default())

    @property
    def _sockets(self) -> str:
        """How the sockets' paths begin: ``FOLDER/0123456789``, from ``FOLDER/kernel-0123456789….json``."""
        file = Path(self.connection_file).absolute()
        return str(file.with_name(file.stem.removeprefix("kernel-").replace("-", "")[:10]))

    @default("client_factory")
    def _default_client_factory(self) -> type[PageClient]:
        return PageClient

    def client(self, **kwargs: Any) -> Any:
        """That listener, once; a new one for everybody after."""
        listener, self.listener = self.listener, None
        return listener or super().client(**kwargs)

    def cleanup_connection_file(self) -> None:
        """Let the listener go with the kernel."""
        if self.listener:
            self.listener.stop_channels()
            self.listener = None
        super().cleanup_connection_file()


@dataclass(frozen=True)
class Ready:
    """A kernel that waits or is being made, and what it is made for."""

    kernel_id: str
    kernel_name: str
    path: str
    environment: Mapping[str, str]
    files: tuple[int, int]
    made: asyncio.Task[Any]
    loaded: asyncio.Task[None]

    def fits(self, kernel_name: str, path: str, environment: Mapping[str, str]) -> bool:
        """Whether it is as a new kernel would be, but for what the visit adds to its environment."""
        here = (kernel_name, path, state_of_files()) == (self.kernel_name, self.path, self.files)
        return here and self.environment.items() <= environment.items()


class ReadyKernels(AsyncMappingKernelManager):
    """Starts a page's kernel by handing over the one that is ready; by starting one where none is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._waiting: Ready | None = None
        self._planned: asyncio.TimerHandle | None = None
        self._going_on: set[asyncio.Task[Any]] = set()
        self._loading: set[asyncio.Task[None]] = set()
        self._ended = False

    @default("kernel_manager_class")
    def _default_kernel_manager_class(self) -> str:
        return f"{PageKernel.__module__}.{PageKernel.__qualname__}"

    async def start_kernel(self, *, kernel_name: str | None = None, path: Any = None, **more: Any) -> str:  # type: ignore[override]
        """The number of a kernel for a visitor; the next one is made a little later."""
        if more.keys() <= {"env"}:
            kernel_id, coming = self.begin_visit(kernel_name=kernel_name, path=path, **more)
            await coming
            return kernel_id
        return str(await super().start_kernel(kernel_name=kernel_name, path=path, **more))

    def begin_visit(
        self, *, kernel_name: str | None = None, path: Any = None, env: Mapping[str, str] | None = None
    ) -> tuple[str, asyncio.Task[Any]]:
        """The number of the kernel a visitor will have, and that kernel itself, once it is there."""
        name, place, environment = kernel_name or self.default_kernel_name, path or "", dict(env or os.environ)
        ready, self._waiting = self._waiting, None
        if ready and not ready.fits(name, place, environment):
            self._let(self._let_go(ready))
            ready = None
        kernel_id = ready.kernel_id if ready else self.new_kernel_id()
        return kernel_id, self._let(self._visit(ready, kernel_id, name, place, environment))

    def prepare(self, kernel_name: str | None = None, path: str = "") -> None:
        """Begin to make a kernel for the next visitor, unless there is one."""
        if self._waiting or self._ended:
            return
        kernel_id, name, environment = self.new_kernel_id(), kernel_name or self.default_kernel_name, dict(os.environ)
        made = self._let(self._make(kernel_id, name, path, environment))
        loaded = self._let(_load(made))
        self._loading.add(loaded)
        loaded.add_done_callback(self._loading.discard)
        self._waiting = Ready(kernel_id, name, path, environment, state_of_files(), made, loaded)

    def start_watching_activity(self, kernel_id: str) -> None:
        """Hear when a kernel works, as the library does, but not the hundreds of messages on a page's widgets: to unpack them was a fifth of the work."""
        super().start_watching_activity(kernel_id)
        kernel: Any = self.get_kernel(kernel_id)
        heard = kernel._activity_stream.socket
        heard.unsubscribe(b"")
        heard.subscribe(b"kernel.")  # so begins what a kernel says of its own state and of what it was asked

    @property
    def ready(self) -> str | None:
        """The number of the kernel that waits, or None."""
        return self._waiting.kernel_id if self._waiting and self._waiting.loaded.done() else None

    async def shutdown_all(self, now: bool = False) -> None:  # type: ignore[override]
        """End every kernel, the one that waits or is being made among them."""
        self._ended = True
        if self._planned:
            self._planned.cancel()
        for loading in self._loading:
            loading.cancel()
        if self._going_on:
            await asyncio.wait(self._going_on)
        if self._waiting:  # nothing is in it, and one that is just starting would complain of being asked to end
            await self._drop(self._waiting.kernel_id)
        await super().shutdown_all(now=now)

    def _let(self, act: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let this go on by itself; what goes wrong is told to who waits for it, and there may be nobody."""
        going = asyncio.create_task(act)
        self._going_on.add(going)
        going.add_done_callback(self._going_on.discard)
        going.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        return going

    async def _make(self, kernel_id: str, kernel_name: str, path: Any, environment: dict[str, str]) -> Any:
        await super().start_kernel(kernel_id=kernel_id, kernel_name=kernel_name, path=path, env={**environment, WAITS: "1"})
        kernel: Any = self.get_kernel(kernel_id)
        kernel.stop_restarter()  # one that breaks before its visitor comes is let go: nothing is in it, and ending one that starts anew fails
        kernel.listener = kernel.client()
        kernel.listener.start_channels()
        return kernel

    async def _visit(self, ready: Ready | None, kernel_id: str, kernel_name: str, path: Any, environment: dict[str, str]) -> Any:
        try:
            if not (ready and await self._take(ready, environment)):
                await self._drop(kernel_id)  # one that broke makes room for another of the same number: the page has been told of it
                await super().start_kernel(kernel_id=kernel_id, kernel_name=kernel_name, path=path, env=environment)
            return self.get_kernel(kernel_id)
        finally:
            if self._planned:
                self._planned.cancel()
            self._planned = asyncio.get_running_loop().call_later(PAUSE, self.prepare, kernel_name, path)

    async def _take(self, ready: Ready, environment: Mapping[str, str]) -> bool:
        """Whether the kernel that waits is the visitor's now."""
        try:
            kernel = await ready.made
            if ready.kernel_id not in self or not await kernel.is_alive():  # it has been culled, or broke
                return False
            added = {name: value for name, value in environment.items() if name not in ready.environment}
            kernel._launch_args = {**kernel._launch_args, "env": dict(environment)}  # should it have to start anew
            await ready.loaded
            await _do(kernel.listener, f"serve({json.dumps(added)})", _SECONDS_TO_TAKE)
            kernel.listener.is_open = True
            kernel.start_restarter()
        except Exception:  # whatever is wrong with it, a visitor gets a kernel
            self.log.exception("the kernel that was ready cannot be taken over")
            return False
        return True

    async def _let_go(self, ready: Ready) -> None:
        await asyncio.wait({ready.made})
        await self._drop(ready.kernel_id)

    async def _drop(self, kernel_id: str) -> None:
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)


async def _load(made: asyncio.Task[Any]) -> None:
    await asyncio.wait({made})  # who ends the loading does not end the making: a process that has been begun would be left behind
    listener = made.result().listener
    await listener.answered(_SECONDS)
    await _do(listener, "wait()", _SECONDS)


async def _do(listener: PageClient, what: str, seconds: float) -> None:
    """Let the kernel do it; raises ``RuntimeError`` where that failed, ``TimeoutError`` or ``Empty`` where it took too long."""
    code = f"__import__('kizuna.serve.stem', fromlist=['*']).{what}"
    reply = await listener.execute(code, silent=True, store_history=False, reply=True, timeout=seconds)
    if reply["content"]["status"] != "ok":
        raise RuntimeError(reply["content"].get("evalue"))
