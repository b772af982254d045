"""Runs a notebook in this very process, with the outputs an ordinary kernel would give: no kernel to start, nothing on a socket.

papermill finds it by its entry point (``papermill.engine``); a process that ran a notebook so is no more fresh, so each gets one of its own (``fork``).
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets import Any as AnyTrait
from traitlets import observe

NAME = "kizuna"
_CHART = "module://matplotlib_inline.backend_inline"  # what a kernel tells matplotlib, for those whose notebook draws with it


class _Heard(Session):
    """Where a kernel would send its messages: here they go straight to whoever keeps the cell's outputs."""

    hear = AnyTrait(lambda message: None)

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, *_: Any, **__: Any) -> Any:
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        self.hear(message)
        return message


class _Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell."""

    encoding = "UTF-8"

    def __init__(self, name: str, session: _Heard) -> None:
        self.name = name
        self._session = session
        self._held: list[str] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._held.append(text)
        return len(text)

    def flush(self) -> None:
        if text := "".join(self._held):
            self._held.clear()
            self._session.send(None, "stream", {"name": self.name, "text": text}, {})


class _Shell(ZMQInteractiveShell):
    """The kernel's own shell, which is told nothing of a kernel."""

    ended = False

    def init_history(self) -> None:
        """Without a file, and so without the thread that writes it."""
        self.config.HistoryAccessor.enabled = False
        super().init_history()

    def enable_gui(self, gui: Any = None) -> None:
        """A report has no window to keep alive."""

    @observe("exit_now")
    def _update_exit_now(self, change: Any) -> None:
        self.ended = bool(change["new"])


_Shell.__name__ = ZMQInteractiveShell.__name__  # libraries ask by this name whether they draw in a notebook


_KINDS = (InteractiveShell, ZMQInteractiveShell, _Shell)  # who asks any of them for the one instance gets the notebook's shell


class _Client(PapermillNotebookClient):
    """papermill's way through the cells, with a shell where it has a kernel."""

    def __init__(self, nb_man: NotebookExecutionManager, shell: _Shell, session: _Heard, **settings: Any) -> None:
        super().__init__(nb_man, **settings)
        self._shell = shell
        self._session = session
        self._loop = asyncio.new_event_loop()

    def execute(self, **_: Any) -> Any:
        self.reset_execution_trackers()
        try:
            self.papermill_execute_cells()
        finally:
            self._loop.close()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        return self.nb

    def execute_cell(self, cell: NotebookNode, cell_index: int, *_: Any, **__: Any) -> Any:
        self._loop.run_until_complete(self._execute(cell, cell_index))
        return cell

    async def _execute(self, cell: NotebookNode, index: int) -> None:
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return
        if self._shell.ended:  # by `exit()`: from there on a kernel does not answer any more
            raise DeadKernelError("Kernel died")
        cell.outputs = []
        cell.execution_count = self._shell.execution_count
        self.clear_before_next_output = False
        self._session.hear = lambda message: self.process_message({**message, "parent_header": {}}, cell, index)
        reply = await self._reply(cell)
        sys.stdout.flush()
        sys.stderr.flush()
        await self._check_raise_for_error(cell, index, {"content": reply})

    async def _reply(self, cell: NotebookNode) -> dict[str, Any]:
        """Do with a cell what ``IPythonKernel.do_execute`` does; the reply it would send."""
        shell, broken = self._shell, None
        try:
            transformed = shell.transform_cell(cell.source)
        except Exception:  # noqa: BLE001 - whatever it is, the cell is told to be at fault
            transformed, broken = cell.source, sys.exc_info()
        if shell.should_run_async(cell.source, transformed_cell=transformed, preprocessing_exc_tuple=broken):
            result = None
            try:
                result = await shell.run_cell_async(
                    cell.source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=broken, cell_id=cell.get("id")
                )
            finally:
                shell.events.trigger("post_execute")
                shell.events.trigger("post_run_cell", result)
        else:
            result = shell.run_cell(cell.source, store_history=True, cell_id=cell.get("id"))
        error = result.error_before_exec if result.error_before_exec is not None else result.error_in_exec
        if result.success and not getattr(shell, "_last_traceback_during_displayhook", False):
            return {"status": "ok"}
        return {"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": shell._last_traceback or []}


class InProcessEngine(Engine):
    """papermill's engine: the notebook runs in this process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **settings: Any) -> None:
        """Run the cells one by one into ``nb_man.nb``; the first that fails ends it, as with papermill's own engine."""
        del kernel_name  # there is none
        with _shell() as (shell, session):
            _Client(nb_man, shell, session, log_output=bool(settings.get("log_output"))).execute()


_waiting: list[tuple[_Shell, _Heard]] = []


def make_ready() -> None:
    """Make the shell of the next notebook now: a process that was forked from here finds it made."""
    if not _waiting:
        with _put_back():
            _waiting.append(_made())


def register() -> None:
    """Make the engine known to papermill, also where the entry point is not installed."""
    papermill_engines.register(NAME, InProcessEngine)


def _made() -> tuple[_Shell, _Heard]:
    session = _Heard()
    shell = _Shell(compiler_class=XCachingCompiler)
    for channel in (shell.displayhook, shell.display_pub):
        channel.session = session  # type: ignore[union-attr] # the kernel's own kinds have one
    return shell, session


@contextlib.contextmanager
def _shell() -> Iterator[tuple[_Shell, _Heard]]:
    """A fresh shell that is, as long as the block lasts, what this process's notebook is."""
    with _put_back():
        shell, session = _waiting.pop() if _waiting else _made()
        for one in _KINDS:
            one._instance = shell  # type: ignore[assignment] # it is None or one of its own
        sys.modules["__main__"] = shell.user_module
        shell.builtin_trap.activate()
        sys.stdout, sys.stderr = _Stream("stdout", session), _Stream("stderr", session)
        builtins.input = _no_input
        os.environ.setdefault("MPLBACKEND", _CHART)
        yield shell, session


@contextlib.contextmanager
def _put_back() -> Iterator[None]:
    """Let what a shell changes in its process be afterwards as it was."""
    names = ("stdout", "stderr", "displayhook", "excepthook")
    before = {name: getattr(sys, name) for name in names}
    main, asked, path = sys.modules["__main__"], builtins.input, list(sys.path)
    added = {name: getattr(builtins, name, None) for name in ("get_ipython", "display")}
    instances = {one: one._instance for one in _KINDS}
    environment = dict(os.environ)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(sys, name, value)
        sys.modules["__main__"], builtins.input, sys.path[:] = main, asked, path
        for name, value in added.items():
            if value is not None:
                setattr(builtins, name, value)
            elif hasattr(builtins, name):
                delattr(builtins, name)
        for one, instance in instances.items():
            one._instance = instance
        os.environ.clear()
        os.environ.update(environment)


def _no_input(prompt: object = "") -> str:
    """What a kernel without a person in front of it says to ``input()``."""
    from IPython.core.error import StdinNotImplementedError

    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")
