"""What ``kizuna report`` wrote, opened from the disk with the network off: all of it shows, and no script runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, inspect

from kizuna.batch.report import Wish, make_reports
from kizuna.steps.handin import hand_in, prepare
from kizuna.workbook.models import Base, Voice, fingerprint
from kizuna.workbook.store import open_workbook
from tests.batch.notebooks import notebook
from tests.sample_class import make_class

RAN = "document.documentElement.dataset.ran = 1"
HOSTILE = f'</p><script>{RAN}</script><img src=x onerror="{RAN}"><svg onload="{RAN}"></svg>'
CARELESS = [
    f"from IPython.display import HTML, Javascript, SVG, display\nHTML('''<p>見えます</p>{HOSTILE}<iframe srcdoc='<script>{RAN}</script>'></iframe>''')",
    f"Javascript('{RAN}')",
    'SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><circle r="9"/></svg>\')',
    f"#!言葉 {HOSTILE}",
    f"print('{RAN}')",
]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports on a class in which every text of one workbook is hostile, and by a notebook that escapes nothing."""
    place = tmp_path_factory.mktemp("batch")
    made = make_class(place, 3, seed=9)
    book = open_workbook(made[0].workbook)
    with book.act("x") as session:
        for model in (mapper.class_ for mapper in Base.registry.mappers):
            if model.__tablename__ in ("act", "change", "vector", "source"):
                continue
            texts = [column.key for column in inspect(model).column_attrs if type(column.columns[0].type) is String]
            for row in session.query(model):
                for name in [one for one in texts if one in ("note", "purpose", "title", "name", "what", "hope", "answer", "text")]:
                    if model is not Voice and isinstance(getattr(row, name), str) and getattr(row, name):
                        setattr(row, name, f"{getattr(row, name)}{HOSTILE}")
        session.add(Voice(**hostile_voice(session)))
    hand_in(book, made[0].handin, prepare(book).digest)
    book.close()
    (made[0].handin.parent / f"{HOSTILE.replace('/', '')[:80]}.kizuna-teishutsu").write_bytes(b"x")
    (made[0].handin.parent / "notes.csv").write_text(
        f'番号,ところ,メモ\n{made[0].code},,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n', encoding="utf-8"
    )
    own = notebook(place / "careless.ipynb", CARELESS)
    make_reports(Wish(str(made[0].handin.parent), str(place / "out"), 2, names=True))
    make_reports(Wish(str(made[0].handin.parent), str(place / "careless"), 2, template=str(own)))
    return place


def hostile_voice(session: Any) -> dict[str, Any]:
    like = session.query(Voice).order_by(Voice.id).first()
    said = {column.key: getattr(like, column.key) for column in inspect(Voice).column_attrs if column.key != "id"}
    words = f"席を増やしてほしいです。{HOSTILE}"
    return said | {"text": words, "sha256": fingerprint(words), "identity": "hostile"}


@pytest.mark.parametrize("folder", ["out", "careless"])
def test_everything_opens_without_a_network_and_nothing_runs(laptop: Any, reports: Path, folder: str) -> None:
    asked: list[str] = []
    laptop.on("request", lambda request: asked.append(request.url))
    laptop.on("dialog", lambda dialog: asked.append("dialog"))
    laptop.context.set_offline(True)
    pages = sorted((reports / folder).rglob("*.html"))
    assert len(pages) == 6  # three participants, the class, the camp, the index
    for path in pages:
        asked.clear()
        laptop.goto(path.as_uri())
        assert laptop.evaluate("document.documentElement.dataset.ran") is None, path.name
        assert [one for one in asked if not one.startswith(("file://", "data:", "about:"))] == [], path.name
        assert laptop.evaluate("[...document.images].filter((one) => one.src.startsWith('data:') && !one.naturalWidth).length") == 0
        assert len(laptop.inner_text("body")) > 20


def test_what_is_hostile_stands_there_as_words(laptop: Any, reports: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in (reports / "out").rglob("*.html")]
    assert any("&lt;script&gt;" in page for page in pages)
    assert not any("<script" in page or "<img src=x" in page for page in pages)


def test_what_a_careless_notebook_shows_can_be_seen(laptop: Any, reports: Path) -> None:
    laptop.goto(next((reports / "careless" / "reports").iterdir()).as_uri())
    assert laptop.get_by_text("見えます").is_visible()
    picture = laptop.locator("img[src^='data:image/svg']")
    assert picture.get_attribute("alt") == "グラフや図" and picture.evaluate("(one) => one.naturalWidth") == 40
