"""The pages themselves: what comes to the browser, what does not, and what a person sees when something breaks."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import urllib.request
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.browser import serving

FORM = """
import ipywidgets as forms
source_stays_here = "この文字はページに出ません"
said = forms.Label("まだです")
press = forms.Button(description="押してください", icon="check")
press.on_click(lambda _: setattr(said, "value", "押されました"))
forms.VBox([forms.Text(description="お名前"), press, said])
"""

WAIT = """
import os, time
import ipywidgets as forms
while not os.path.exists(os.path.join(os.environ["KIZUNA_HOME"], "go_on")):
    time.sleep(0.01)
forms.Label("もう待ちません")
"""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    pages = {
        "00_start.ipynb": [
            new_markdown_cell("# はじめまして\n\n[こわれたページ](01_broken.ipynb)"),
            new_code_cell(FORM),
            new_markdown_cell("\n\n".join(f"{number} 行め" for number in range(1, 61))),
            new_code_cell("forms.HTML('<b>二つめ</b>')"),
        ],
        "02_waiting.ipynb": [new_markdown_cell("# 待っています"), new_code_cell(WAIT), new_markdown_cell("おわり 5$ と 6$")],
        "01_broken.ipynb": [new_markdown_cell("# こわれたページ"), new_code_cell("1 / 0"), new_code_cell("print('続き')")],
    }
    for name, cells in pages.items():
        nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / name)
    return folder


def test_a_page_shows_its_words_and_its_form_and_the_form_works(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    assert laptop.title() == "はじめまして｜絆"
    assert laptop.get_by_role("heading", name="はじめまして").is_visible()
    assert laptop.get_by_text("二つめ").is_visible()
    assert not laptop.locator("#kizuna-loading").count()
    laptop.get_by_role("button", name="押してください").click()
    laptop.get_by_text("押されました").wait_for()


def test_words_are_there_and_the_app_is_begun_before_the_notebook_has_run(server, laptop):
    asked: list[str] = []
    laptop.on("request", lambda request: asked.append(request.url))
    laptop.goto(server.url("02_waiting.ipynb"), wait_until="commit")
    laptop.wait_for_function("performance.getEntriesByName('kizuna-begun').length")
    assert not [url for url in asked if "/api/kernels/" in url], "there may be no such kernel yet"
    laptop.get_by_role("heading", name="待っています").wait_for()
    assert laptop.get_by_text("ページを準備しています…").is_visible()
    assert not laptop.get_by_text("おわり").count()
    (server.home / "go_on").touch()
    serving.wait_until_ready(laptop)
    assert laptop.get_by_text("もう待ちません").is_visible()


def test_the_browser_loads_what_pages_need_and_nothing_for_formulae(server, laptop, open_page):
    (server.home / "go_on").touch()
    open_page(laptop, "02_waiting.ipynb")
    told = json.loads(laptop.locator("head #jupyter-config-data").text_content())
    names = {extension["name"] for extension in told["federated_extensions"]}
    assert names == {"@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"}
    assert laptop.get_by_text("おわり 5$ と 6$").is_visible()
    assert not laptop.locator("mjx-container, #MJX-CHTML-styles").count()


def test_the_forms_of_a_page_stand_when_it_says_it_is_ready(server, laptop):
    for _ in range(3):
        laptop.goto(server.url("00_start.ipynb"))
        serving.wait_until_ready(laptop)
        assert laptop.locator(".widget-button").count() == 1
        assert laptop.locator(".widget-text input").count() == 1


def test_a_page_opens_where_it_was_left(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    assert laptop.evaluate("scrollY") == 0
    laptop.evaluate("scrollTo(0, 900)")
    laptop.evaluate("document.querySelector('#rendered_cells a[href*=broken]').click()")
    laptop.wait_for_url("**/01_broken.ipynb*")
    serving.wait_until_ready(laptop)
    assert laptop.evaluate("scrollY") == 0
    laptop.go_back()
    serving.wait_until_ready(laptop)
    assert laptop.evaluate("scrollY") == 900
    open_page(laptop, "00_start.ipynb")
    assert laptop.evaluate("scrollY") == 900


def test_a_place_in_the_address_or_the_persons_own_scrolling_comes_first(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    laptop.evaluate("scrollTo(0, 900)")
    laptop.goto("about:blank")
    laptop.goto(server.url("00_start.ipynb") + "#nowhere")
    serving.wait_until_ready(laptop)
    assert laptop.evaluate("scrollY") == 0
    laptop.evaluate("scrollTo(0, 900)")
    held = []
    laptop.route("**/voila/static/voila.js", lambda route: held.append(route))
    laptop.goto("about:blank")
    laptop.goto(server.url("00_start.ipynb"), wait_until="commit")
    laptop.get_by_text("60 行め").wait_for()
    laptop.evaluate("scrollTo(0, 300)")
    laptop.wait_for_function("scrollY === 300")
    held[0].continue_()
    serving.wait_until_ready(laptop)
    assert laptop.evaluate("scrollY") == 300


def test_a_page_is_japanese_and_holds_no_code(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    assert laptop.locator("html").get_attribute("lang") == "ja"
    with urllib.request.urlopen(server.url("00_start.ipynb")) as answer:
        html = answer.read().decode()
    assert "ページを準備しています…" in html
    for code in ("source_stays_here", "この文字はページに出ません", "import ipywidgets"):
        assert code not in html
        assert code not in laptop.content()


def test_a_page_fits_a_phone(server, phone, open_page):
    open_page(phone, "00_start.ipynb")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    words = phone.get_by_role("heading", name="はじめまして").bounding_box()
    assert 12 <= words["x"] <= 32


@pytest.mark.parametrize("screen", ["laptop", "phone"])
def test_a_long_page_scrolls_and_prints_as_a_whole(server, open_page, screen, request):
    page = open_page(request.getfixturevalue(screen), "00_start.ipynb")
    assert page.evaluate("document.scrollingElement.scrollHeight") > 2000
    page.evaluate("scrollTo(0, 999999)")
    assert page.get_by_text("二つめ").evaluate("box => box.getBoundingClientRect().bottom <= innerHeight")
    assert page.pdf(format="A4").count(b"/Type /Page\n") >= 2


def test_the_column_is_narrow_enough_to_read(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    column = laptop.locator("#rendered_cells").bounding_box()
    assert column["width"] <= 860
    assert abs(column["x"] + column["width"] / 2 - 1366 / 2) < 12


@pytest.mark.parametrize("path", ["/", "/voila", "/voila/", "/voila/tree/"])
def test_the_root_leads_to_the_first_page(server, path):
    asked = http.client.HTTPConnection(server.origin.removeprefix("http://"))
    asked.request("GET", f"{path}?token={server.token}")
    assert asked.getresponse().headers["Location"] == f"/voila/render/00_start.ipynb?token={server.token}"
    asked.close()


def test_links_between_pages_keep_the_person_inside(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    laptop.get_by_role("link", name="こわれたページ").click()
    serving.wait_until_ready(laptop)
    assert laptop.title() == "こわれたページ｜絆"


def test_an_error_is_a_gentle_sentence(server, laptop, open_page):
    open_page(laptop, "01_broken.ipynb")
    assert laptop.get_by_text("ここから先を表示できませんでした。").is_visible()
    for word in ("ZeroDivisionError", "error", "show_tracebacks", "1 / 0"):
        assert word not in laptop.locator("#rendered_cells").inner_text()


def test_nobody_gets_in_without_the_secret_word(server, laptop):
    for path in ("/", "/voila/render/00_start.ipynb", "/voila/render/00_start.ipynb?token=wrong", "/voila/api/contents/"):
        laptop.goto(server.origin + path)
        assert "はじめまして" not in laptop.content()
        assert server.kernels() == []
    laptop.goto(server.origin + "/voila/render/00_start.ipynb")
    assert laptop.get_by_text("合いことばを入れてください").first.is_visible()
    laptop.get_by_label("合いことば").fill(server.token)
    laptop.get_by_role("button", name="開く").click()
    serving.wait_until_ready(laptop)


def test_a_missing_page_says_so_in_japanese(server, laptop):
    laptop.goto(server.url("99_missing.ipynb"))
    assert laptop.get_by_text("このページは見つかりませんでした").is_visible()


def test_a_lost_kernel_shows_the_band(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    band = laptop.get_by_text("つながりが切れました。このページを開き直してください。保存と表示された内容は残っています。")
    assert not band.is_visible()
    assert serving.kill_kernels(server) == 1
    band.wait_for(timeout=40_000)
    laptop.get_by_role("button", name="開き直す").click()
    band.wait_for(state="hidden")
    serving.wait_until_ready(laptop)


def test_an_ended_server_shows_the_band_and_a_way_on(start_server, notebooks, laptop):
    server = start_server(notebooks=notebooks)
    serving.open_page(laptop, server, "00_start.ipynb")
    server.process.terminate()
    laptop.get_by_text("つながりが切れました。").wait_for(timeout=40_000)
    laptop.get_by_role("button", name="開き直す").click()
    laptop.get_by_text("もう一度始めて、表示されたアドレスを開いてください。").wait_for()
    assert laptop.get_by_role("heading", name="はじめまして").is_visible()


def test_a_short_break_heals_by_itself(server, laptop, open_page):
    laptop.add_init_script(
        "window.sockets = []; window.WebSocket = class extends WebSocket { constructor(...a) { super(...a); sockets.push(this); } }"
    )
    open_page(laptop, "00_start.ipynb")
    laptop.evaluate("sockets.at(-1).close()")
    laptop.wait_for_function("sockets.length > 1 && sockets.at(-1).readyState === 1", timeout=30_000)
    laptop.get_by_text("つながりが切れました。").wait_for(state="hidden")
    laptop.get_by_role("button", name="押してください").click()
    laptop.get_by_text("押されました").wait_for()


DEAF = "window.WebSocket = class extends WebSocket { set onmessage(_) {} };"


def test_a_page_that_hears_nothing_of_its_widgets_draws_nothing_and_is_opened_anew(server, laptop):
    laptop.add_init_script(f"if (!sessionStorage.deaf) {{ sessionStorage.deaf = 'yes'; {DEAF} }}")
    laptop.clock.install()
    laptop.goto(server.url("00_start.ipynb"))
    laptop.locator('body[data-kizuna="restoring"]').wait_for(state="attached")
    assert laptop.locator(".jp-OutputArea-output").count() == 0
    laptop.clock.fast_forward(20_000)
    serving.wait_until_ready(laptop)
    laptop.get_by_role("button", name="押してください").click()
    laptop.get_by_text("押されました").wait_for()


def test_a_page_that_was_opened_anew_in_vain_says_so(server, laptop):
    laptop.add_init_script(DEAF)
    laptop.clock.install()
    laptop.goto(server.url("00_start.ipynb"))
    for _ in range(2):
        laptop.locator('body[data-kizuna="restoring"]').wait_for(state="attached")
        laptop.evaluate("document.body.dataset.seen = 'yes'")
        laptop.clock.fast_forward(20_000)
        laptop.locator("body:not([data-seen]), #kizuna-lost:not([hidden])").first.wait_for(state="attached")
    laptop.get_by_text("つながりが切れました。").wait_for()
    assert not laptop.get_by_text("ページを準備しています…").is_visible()


@pytest.mark.parametrize("shown", ["Error displaying widget: model not found", "Loading widget...", "Javascript Error: x"])
def test_a_page_with_a_form_that_was_not_drawn_is_not_ready(laptop, shown):
    page = '<body data-kizuna="ready"><p id="kizuna-lost" hidden></p><div class="jp-OutputArea-output">{}</div></body>'
    laptop.set_content(page.format("描かれた枠"))
    serving.wait_until_ready(laptop)
    laptop.set_content(page.format(shown))
    with pytest.raises(RuntimeError, match="1 forms of the page were not drawn"):
        serving.wait_until_ready(laptop)


def test_a_left_page_gives_its_kernel_back(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    kernels = server.kernels()
    laptop.goto("about:blank")
    assert psutil.wait_procs(kernels, timeout=90)[1] == []


@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM"])
def test_it_ends_gently_and_takes_its_kernels_along(start_server, notebooks, laptop, ending):
    server = start_server(notebooks=notebooks)
    serving.open_page(laptop, server, "00_start.ipynb")
    kernels = server.kernels()
    assert len(kernels) == 1
    server.process.send_signal(getattr(signal, ending))
    server.process.send_signal(getattr(signal, ending))
    assert server.process.wait(timeout=40) == 0
    assert psutil.wait_procs(kernels, timeout=20)[1] == []
    said = "".join(iter(lambda: server.lines.get(timeout=20), ""))
    assert "おつかれさまでした" in said
    assert "Traceback" not in said


def test_a_taken_port_is_passed_by(start_server, notebooks):
    assert start_server(notebooks=notebooks, port=None).origin != start_server(notebooks=notebooks, port=None).origin


def test_a_taken_port_that_was_asked_for_is_refused_kindly(start_server, notebooks):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"ポート {port} は使われています"):
            start_server(notebooks=notebooks, port=port)


def test_without_notebooks_it_says_so(start_server, tmp_path):
    with pytest.raises(RuntimeError, match="ノートブックが見つかりません"):
        start_server(notebooks=tmp_path)
