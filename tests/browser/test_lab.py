"""JupyterLab as a learner meets it: in Japanese, quiet, offline, and with the notebook open."""

from __future__ import annotations

import json
import signal
import urllib.error
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.browser import serving


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "notebooks"
    folder.mkdir(parents=True)
    cells = [new_markdown_cell("# はじめまして"), new_code_cell("import ipywidgets as forms\nforms.Button(description='押してください')")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "00_start.ipynb")
    return folder


@pytest.fixture(scope="module")
def lab(notebooks, tmp_path_factory):
    with serving.serving(tmp_path_factory.mktemp("served"), notebooks=notebooks, command="lab") as server:
        yield server


def setting(lab, name):
    with urllib.request.urlopen(f"{lab.origin}/lab/api/settings/{name}?token={lab.token}") as answer:
        schema = json.load(answer)["schema"]["properties"]
    return {key: value.get("default") for key, value in schema.items()}


def test_it_opens_the_first_notebook_in_japanese_and_runs_it(lab, laptop):
    laptop.goto(lab.address)
    laptop.get_by_role("menuitem", name="ファイル", exact=True).wait_for(timeout=60_000)
    laptop.get_by_text("| アイドル").wait_for(timeout=60_000)
    assert laptop.get_by_role("heading", name="はじめまして").is_visible()
    laptop.get_by_role("heading", name="はじめまして").click()
    for _ in range(2):
        laptop.keyboard.press("Shift+Enter")
    laptop.get_by_role("button", name="押してください").wait_for(timeout=60_000)
    assert laptop.locator(".Toastify__toast").count() == 0


def test_our_settings_are_defaults_and_nothing_is_written_for_the_person(lab):
    assert setting(lab, "@jupyterlab/apputils-extension:kernels-settings")["commsOverSubshells"] == "disabled"
    assert setting(lab, "@jupyterlab/apputils-extension:notification")["fetchNews"] == "false"
    assert setting(lab, "@jupyterlab/translation-extension:plugin")["locale"] == "ja_JP"
    assert not list(lab.home.parent.rglob("*.jupyterlab-settings"))


def test_nobody_gets_in_without_the_secret_word(lab):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{lab.origin}/api/contents")


def test_a_taken_port_is_refused_kindly(lab, notebooks, start_server):
    port = lab.origin.rpartition(":")[2]
    with pytest.raises(RuntimeError, match=f"ポート {port} は使われています"):
        start_server(command="lab", notebooks=notebooks, port=int(port))


def test_it_ends_at_once_and_kindly(start_server, notebooks):
    lab = start_server(command="lab", notebooks=notebooks)
    lab.process.send_signal(signal.SIGINT)
    assert lab.process.wait(timeout=40) == 0
    said = "".join(iter(lambda: lab.lines.get(timeout=20), ""))
    assert "おつかれさまでした" in said
    assert "Traceback" not in said


def test_it_ends_soon_also_while_a_kernel_is_just_being_started(start_server, notebooks, chromium):
    lab = start_server(command="lab", notebooks=notebooks)
    page = chromium.new_page()  # its scripts say that the server is gone
    page.goto(lab.address)
    page.locator(".jp-Notebook").first.wait_for(timeout=60_000)
    lab.process.send_signal(signal.SIGINT)
    assert lab.process.wait(timeout=15) == 0
    page.close()
