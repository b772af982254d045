"""A notebook as one HTML file: its words and results in their richest form, and nothing that needs more than the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kizuna.batch import export
from kizuna.batch.export import to_html


def page(*outputs: NotebookNode, words: str = "# 見出し & <i>") -> str:
    return to_html(new_notebook(cells=[new_markdown_cell(words), new_code_cell("secret = 'program'", outputs=list(outputs))]))


def shown(**data: Any) -> NotebookNode:
    return new_output("display_data", data={key.replace("_", "/", 1).replace("_", "+"): value for key, value in data.items()})


def test_there_is_no_code_and_no_prompt_and_the_page_has_its_headings_name() -> None:
    html = page(new_output("execute_result", data={"text/plain": "1"}, execution_count=7))
    assert "secret" not in html and "[7]" not in html and "¶" not in html and "&#182;" not in html
    assert "<title>見出し &amp; &lt;i&gt;</title>" in html
    assert "<title>レポート</title>" in page(words="ただの言葉")


@pytest.mark.parametrize(
    ("data", "seen", "unseen"),
    [
        ({"text_html": "<b>豊か</b>", "text_plain": "貧しい"}, "<b>豊か</b>", "貧しい"),
        ({"image_png": "AAAA\n", "text_plain": "<Figure>"}, 'src="data:image/png;base64,AAAA"', "Figure"),
        ({"application_javascript": "alert(1)"}, "</body>", "alert"),
        ({"application_javascript": "alert(1)", "text_plain": "言葉"}, "<pre>言葉</pre>", "alert"),
        ({"text_plain": "<b>&"}, "<pre>&lt;b&gt;&amp;</pre>", "<b>"),
        ({"text_latex": "$<b>$"}, "<pre>$&lt;b&gt;$</pre>", "<b>"),
        ({"text_markdown": "**強く**"}, "<strong>強く</strong>", "**"),
        ({"application_vnd.jupyter.widget-view_json": {"model_id": "x"}}, "</body>", "model_id"),
    ],
)
def test_an_output_is_shown_in_the_richest_form_that_needs_no_script(data: dict[str, Any], seen: str, unseen: str) -> None:
    html = page(shown(**data))
    assert seen in html and unseen not in html


def test_what_a_program_warns_of_is_not_for_the_reader() -> None:
    html = page(new_output("stream", name="stderr", text="UserWarning"), new_output("stream", name="stdout", text="言葉 <b>"))
    assert "UserWarning" not in html and "言葉 &lt;b&gt;" in html


def test_every_picture_has_its_words() -> None:
    png = {"image/png": "AAAA"}
    html = page(new_output("display_data", data=png), new_output("display_data", data=png, metadata={"alt": '人数 "三" <人>'}))
    assert re.findall('<img alt="([^"]*)"', html) == ["グラフや図", "人数 &#34;三&#34; &lt;人&gt;"]


def test_nothing_is_fetched_from_anywhere() -> None:
    html = page(shown(text_html="<p>x</p>"))
    assert "default-src 'none'" in html and "://" not in html and "<script" not in html
    assert len(html) < 10_000


def test_an_exporter_used_again_remembers_nothing() -> None:
    first = page(shown(text_plain="一人目"))
    assert "一人目" not in page(shown(text_plain="二人目")) and page(shown(text_plain="一人目")) == first


def test_a_browser_is_found_by_name_or_in_its_usual_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "msedge"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("KIZUNA_BROWSER", raising=False)
    assert export.find_browser() == str(program)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("platform.system", lambda: "Windows")
    monkeypatch.setattr(export, "_ELSEWHERE", {"Windows": (str(tmp_path / "no"), str(program))})
    assert export.find_browser() == str(program)
    monkeypatch.setenv("KIZUNA_BROWSER", str(tmp_path / "chosen"))
    (tmp_path / "chosen").write_text("")
    assert export.find_browser() == str(tmp_path / "chosen")
