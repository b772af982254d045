"""A page's cells run in one go show what a notebook would show, and say nothing to anybody until a browser asks for the widgets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

RUN = "shown = await __import__('kizuna.serve.cells', fromlist=['*']).run({!r})"
WIDGETS = [
    "from kizuna.views import plain",
    "box = plain.VBox([plain.Text('春'), plain.HTML('<b>夏</b>')]); box",
    "box.add_class('kz-form'); 1",
]


@pytest.fixture
def kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


class Answer:
    """What a kernel answers to a line, and what it said aloud meanwhile."""

    def __init__(self, kernel: BlockingKernelClient, line: str) -> None:
        reply = kernel.execute(line, silent=True, user_expressions={"shown": "shown"}, allow_stdin=False, reply=True, timeout=60)
        self.reply, asked = reply["content"], reply["parent_header"]["msg_id"]
        self.said: list[dict[str, Any]] = []
        while (
            not self.said
            or self.said[-1]["content"] != {"execution_state": "idle"}
            or self.said[-1]["parent_header"].get("msg_id") != asked
        ):
            self.said.append(kernel.get_iopub_msg(timeout=60))

    @property
    def cells(self) -> list[list[dict[str, Any]]]:
        assert self.reply["status"] == "ok", self.reply
        outputs: list[list[dict[str, Any]]] = self.reply["user_expressions"]["shown"]["data"]["application/json"]
        return outputs


def test_cells_show_what_a_notebook_would_show(kernel) -> None:
    sources = [
        "x = 1",
        "print('春')\nprint('夏')",
        "from IPython.display import HTML, display\ndisplay(HTML('<b>秋</b>'))\nx + 1",
        "import asyncio\nawait asyncio.sleep(0)\nx",
        "def late():\n    return x\nlate()",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook).execute()
    theirs = [[_plain(output) for output in cell.outputs] for cell in notebook.cells]
    ours = [[_plain(output) for output in outputs] for outputs in Answer(kernel, RUN.format(sources)).cells]
    assert ours == theirs


def _plain(output: Any) -> Any:
    return output.get("text") or {kind: output["data"][kind] for kind in sorted(output["data"])}


def test_they_run_up_to_the_first_that_fails(kernel) -> None:
    *_, last = cells = Answer(kernel, RUN.format(["1", "print('春'); 1 / 0", "3"])).cells
    assert len(cells) == 2
    assert [output.get("text") or output["ename"] for output in last] == ["春\n", "ZeroDivisionError"]
    assert "ZeroDivisionError" in "".join(last[1]["traceback"])
    assert [output["ename"] for output in Answer(kernel, RUN.format(["1 +"])).cells[0]] == ["SyntaxError"]


def test_one_that_cannot_be_shown_has_failed(kernel) -> None:
    broken = "class Broken:\n    def _repr_html_(self):\n        return 1 / 0\nBroken()"
    (cell,) = Answer(kernel, RUN.format([broken, "2"])).cells
    assert cell[-1]["output_type"] == "error" and "ZeroDivisionError" in "".join(cell[-1]["traceback"])
    assert Answer(kernel, RUN.format(["2"])).cells == [[{"output_type": "display_data", "data": {"text/plain": "2"}, "metadata": {}}]]


def test_a_widget_is_told_when_a_browser_asks_and_not_before(kernel) -> None:
    answer = Answer(kernel, RUN.format(WIDGETS))
    assert {one["msg_type"] for one in answer.said} == {"status"}
    number = answer.cells[1][0]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    states = ask_for_states(kernel)
    box = states[number]["state"]
    assert states[number]["model_name"] == "VBoxModel" and box["_dom_classes"] == ["kz-form"]
    text, words = [states[child.removeprefix("IPY_MODEL_")]["state"] for child in box["children"]]
    assert (text["value"], words["value"]) == ("春", "<b>夏</b>")
    told = {one for state in states.values() for one in _referred(state["state"])}
    assert told <= states.keys(), "also what they look like"
    after = Answer(kernel, "box.children[0].value = '秋'; late = plain.HTML('冬'); late.model_id; shown = None")
    assert [one["content"]["data"]["state"] for one in after.said if one["msg_type"] == "comm_msg"] == [{"value": "秋"}]
    assert [one["content"]["data"]["state"]["value"] for one in after.said if one["msg_type"] == "comm_open"] == ["冬"]


def test_a_widget_shown_while_a_cell_fails_is_told_to_who_asks(kernel) -> None:
    Answer(kernel, RUN.format([*WIDGETS, "1 / 0"]))
    assert [state["state"]["value"] for state in ask_for_states(kernel).values() if state["model_name"] == "TextModel"] == ["春"]


def _referred(state: Any) -> Iterator[str]:
    if isinstance(state, str) and state.startswith("IPY_MODEL_"):
        yield state.removeprefix("IPY_MODEL_")
    elif isinstance(state, (list, dict)):
        for one in state.values() if isinstance(state, dict) else state:
            yield from _referred(one)


def ask_for_states(kernel: BlockingKernelClient) -> dict[str, Any]:
    """Every widget of the kernel, as the browser's library asks for them."""
    line = {"comm_id": "0" * 32, "target_name": "jupyter.widget.control"}
    for kind, content in (
        ("comm_open", {**line, "data": {}}),
        ("comm_msg", {**line, "data": {"method": "request_states"}}),
    ):
        kernel.shell_channel.send(kernel.session.msg(kind, content, metadata={"version": "1.0.0"}))
    while True:
        said = kernel.get_iopub_msg(timeout=60)
        if said["msg_type"] == "comm_msg" and said["content"]["comm_id"] == line["comm_id"]:
            states: dict[str, Any] = said["content"]["data"]["states"]
            return states
        assert said["msg_type"] != "comm_open", "children are told with the others"
