"""The gate of the second part on the page: the fans there are by their own words, and while it is shut the next kind step."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.process import section
from kizuna.steps.tribe import gate as steps
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line, line
from kizuna.views.parts import empty, html, quote, quotes, say
from kizuna.views.way import in_pages
from kizuna.workbook.answers import Saved, read_answers

MARKED_ON = "03_followup_plan"  # the page with the list of people, where fans are marked
ASKED_ON = "07_tribe_research"  # the page on which wishes for the place are asked for


class TribeWords(Entry):
    """Everything in ``tribe_research.yaml``."""

    gate: list[Field]
    ask: str
    wishes: dict[str, str]


def words() -> TribeWords:
    """The words of the page as their file tells them."""
    return load("tribe_research.yaml", TribeWords)


class GateForm(Form):
    """How many fans there are and how many it takes; whose words come close, and whom to ask; the instructor's own number and note."""

    def build(self) -> None:
        self._told, self._next = html(), html()
        self._views = [FieldView(field, None, partial(self._save, field), self.mark) for field in words().gate]
        self._own = Opening(
            ("講師の方だけお使いください（人数を変える・先に開く）", "講師の方への欄をとじる"), lambda: self._views, self._fill, self.mark
        )
        self.lay(self._told, self._next, self._own)

    def refresh(self) -> None:
        found = steps.gate(self.page.book)
        self._told.value = _fans(found) + (_glad(found) if found.open else _not_yet(found, self.page.section.file == ASKED_ON)) + _meant()
        self._next.value = "" if found.open else self._steps()
        self._own.refresh()

    def paper(self, blank: bool) -> list[Block]:
        values = {} if blank else read_answers(self.page.book)
        own = Block("講師の方だけお使いください", lines=tuple(line(field, "", values.get(field.key)) for field in words().gate), inner=True)
        if blank:
            asked = tuple(
                Line(f"{number}人目のお名前と、ファンだと分かるご本人の言葉", kind="long") for number in range(1, steps.LEAST + 1)
            )
            return [Block("ファンの方", "言葉は、話されたとおりに書きます。", asked), own]
        found = steps.gate(self.page.book)
        return [Block("ファンの方", _count(found), quotes=tuple(one.fan[0].card for one in found.fans)), own]

    def _steps(self) -> Markup:
        near, ask = steps.near_fans(self.page.book), steps.to_ask(self.page.book)
        parts = []
        if near:
            shown = Markup("").join(quote(one.sentence.card) for one in near)
            told = "ファンの方の言葉に、近いと感じるものはありますか。しるしをつけるのは、言葉を読んだあなたです。"
            parts.append(say(told) + shown)
        if ask:
            names = "、".join(one.called for one in ask)
            told = (
                "には、もう一度うかがってみるのもよさそうです。次にお会いしたとき、いつも来てくださるのはどうしてか、たずねてみませんか。"
            )
            parts.append(say(Markup("<b>{}</b>{}").format(names, told)))
        if not parts:
            parts.append(empty("お客さまの声が、これからです", "まず「望みを聞く」のページで、お一人の声から始めましょう。"))
        return Markup("").join(parts)

    def _fill(self) -> None:
        answers = read_answers(self.page.book)
        for view in self._views:
            view.fill(answers.get(view.field.key))

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        write: Any = steps.set_number if field.key == steps.NUMBER else steps.write_note
        told: Saved = write(self.page.book, value, seen)
        self.refresh()
        self.saved()
        if told.overwritten is not None:
            self.mark.tell(overwritten(str(told.overwritten)))


def _count(found: steps.Gate) -> str:
    return f"いま{len(found.fans)}人です。{found.least}人いらっしゃると、集まりを考え始められます。"


def _fans(found: steps.Gate) -> Markup:
    if not found.fans:
        return Markup("")
    told = Markup("ご本人の言葉から、ファンと分かる方が<b>{}人</b>いらっしゃいます。").format(len(found.fans))
    return say(told) + quotes([one.fan[0].card for one in found.fans])


def _glad(found: steps.Gate) -> Markup:
    if found.missing:
        return say(Markup("人数はこれからですが、書かれたわけがあるので、先に進めます：{}").format(found.note))
    low, high = steps.ADVISED
    more = f"{low}人から{high}人になると、もっと無理なく話がはずみます。" if len(found.fans) < low else ""
    return say(f"出会いの場を、いっしょに考え始められます。うれしいですね。{more}")


def _not_yet(found: steps.Gate, here: bool) -> Markup:
    """How many are missing, and what can be done meanwhile; ``here``: on this very page."""
    why = "集まりは、ファンの方どうしが出会う場所です。だから、お一人ではまだひらけません。"
    now = "下の「聞くこと」と「声を入れる」は、いまから使えます。" if here else _asking()
    return say(Markup("集まりを考え始めるまで、ファンの方が<b>あと{}人</b>です。").format(found.missing)) + Markup(
        '<div class="kz-hint">{}その間も、フォローアップのおつきあいが、そのまま次の一歩になります。{}</div>'
    ).format(why, now)


def _meant() -> Markup:
    """Who is a fan, who says so, and where that can be mended."""
    return Markup(
        '<div class="kz-hint kz-end">ファンの方とは、品物だけでなく、お店やあなたのことが好きだと、ご自分の言葉で話してくださった方です。'
        "しるしをつけるのは、あなたです。「{}」のページの「おなじみさんの名簿」でその方をひらき、言葉を選ぶとつきます。いつでも直せます。</div>"
    ).format(_linked(MARKED_ON))


def _asking() -> Markup:
    return Markup("「{}」のページで、集まりのことをうかがって声を入れるのは、いまからできます。").format(_linked(ASKED_ON))


def _linked(file: str) -> Markup:
    name = section(file).title
    return Markup('<a class="kz-link" href="{}.ipynb">{}</a>').format(file, name) if in_pages() else Markup("<b>{}</b>").format(name)


def gate(page: Page) -> GateForm:
    """The gate of the second part."""
    return GateForm(page, "ファンの方は、そろっていますか")
