"""The picture that tells where ▶▶ is: shown in JupyterLab, where ▶▶ is, and neither shown nor fetched by a page, where it is not."""

from __future__ import annotations

from kizuna.process import course

PAGES = [f"{section.file}.ipynb" for section in course().sections if section.open]


def test_jupyterlab_shows_it(start_server, laptop):
    laptop.goto(start_server(command="lab").address)
    picture = laptop.get_by_role("img", name="画面の上の▶▶を押し")
    picture.wait_for(timeout=60_000)
    laptop.wait_for_function(
        "[...document.querySelectorAll('.jp-RenderedMarkdown img')].some((one) => one.complete && one.naturalWidth === 760)"
    )


def test_a_page_does_without(server, laptop, open_page):
    asked = []
    laptop.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        open_page(laptop, name)
        assert laptop.locator(".jp-RenderedMarkdown img").count() == 0
    assert len(asked) > len(PAGES) and [url for url in asked if "run_all" in url] == []
