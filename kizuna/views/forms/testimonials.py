"""STEP5 on the page: voices to choose, and the drafts made of them in every form."""

from __future__ import annotations

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.process import Step, course
from kizuna.steps import composing, drafts, showing
from kizuna.steps import testimonials as voices
from kizuna.steps.drafts import DraftView, Kind
from kizuna.steps.testimonials import Candidate
from kizuna.steps.withdrawals import Hanging, lapsed, let_go
from kizuna.views import plain as widgets
from kizuna.views.forms.draft import Care, DraftList
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import apart, asked, button, empty, html, quote, row, say, stack
from kizuna.views.plain import show
from kizuna.views.showcase import shown_html
from kizuna.workbook.store import Workbook

_COUNTED = "お一人のお答え一つを、一件と数えます。同じ方がいくつも答えてくださることがあるので、上の「集まった声」の人数とは、数がちがうことがあります。"


class Testimonials(PartForm):
    """Choosing voices, and the drafts made of them in every form."""

    __test__ = False

    def build(self) -> None:
        self._lapsed = html()
        self._let_go = button("お許しのない言葉を、下書きから外す", self._loosen, self.mark)
        self._told, self._rest = html(), html()
        self._ticks: dict[int, widgets.Checkbox] = {}
        self._cards: list[Candidate] = []
        self._list = stack(kind="kz-list")
        self._form = widgets.Dropdown(options=[(one.name, one.key) for one in drafts.forms(Kind.TESTIMONIAL, self.part)])
        self._form.add_class("kz-middle")
        self._form.observe(lambda _: self.mark.guard(self._deal), names="value")
        self._begin = button("この声で下書きを作る", self._make, self.mark, "kz-main")
        self._choose = stack(asked("どの形でご紹介しますか", self._form), self._list, row(self._begin), kind="kz-group")
        nothing = ("下書きは、まだありません", "上で声を選ぶと、ここに下書きができます。")
        self._drafts = DraftList(self, CARE, nothing)
        self.lay(self._lapsed, row(self._let_go), self._told, self._choose, self._drafts, self._rest)

    def refresh(self) -> None:
        book = self.page.book
        self._cards = list(voices.candidates(book, self.part))
        before = course().steps[Step.FEEDBACK].title[self.part]
        self._told.value, self._rest.value = _chosen_from(self._cards, before), _to_mend(self._cards)
        self._deal()
        gone = lapsed(book, part=self.part)
        show(self._let_go, gone.drafts)
        self._lapsed.value = _no_longer(len(gone.drafts), gone.papers)
        self._drafts.show(drafts.drafts(book, self.part, Kind.TESTIMONIAL))

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return [
                Block(
                    "ご紹介する声を選ぶ",
                    "お許しのある声だけを、言葉を変えずに使います。",
                    (Line("どの声を、どこに出しますか", kind="long"),),
                )
            ]
        views = showing.may_go_out(self.page.book, self.part)
        lines = tuple(Line(one.form.name, value="仕上がりました" if not why else f"いまは外に出せません：{why}") for one, why in views)
        return [Block("ご紹介する声", "" if views else "下書きは、まだありません。", lines)]

    def _deal(self) -> None:
        """Offer the voices that may go where the form chosen goes."""
        scope = drafts.form_text(self._form.value).scope or ""
        offered = [one for one in self._cards if one.glad and scope in one.scopes]
        if list(self._ticks) != [one.voice_id for one in offered]:
            self._ticks = {one.voice_id: widgets.Checkbox(value=False, description="この声を使う", indent=False) for one in offered}
            self._list.children = [stack(html(_candidate(one)), self._ticks[one.voice_id], kind="kz-card") for one in offered] or [
                html(empty("ここに出してよい声が、まだありません", "上の「お許しをうかがう」で、この出し先のお許しをいただくと選べます。"))
            ]
        show(self._begin, offered)
        show(self._choose, self._cards)

    def _make(self) -> None:
        chosen = [voice_id for voice_id, tick in self._ticks.items() if tick.value]
        made = composing.draft(self.page.book, self.part, self._form.value, chosen)
        for tick in self._ticks.values():
            tick.value = False
        self._drafts.show(drafts.drafts(self.page.book, self.part, Kind.TESTIMONIAL), unfold=made)
        self.refresh()
        self.saved("下書きを作りました。下で、お店の言葉を確かめてください")

    def _loosen(self) -> None:
        told = let_go(self.page.book, part=self.part)
        self.refresh()
        self.saved(f"下書き{things(len(told.drafts))}から、お許しのない言葉を外しました")


def _text(book: Workbook, one: DraftView) -> str:
    return showing.plain(showing.passages(book, one))


CARE = Care(
    check=showing.check,
    quotes=composing.may_stand,
    text=_text,
    html=lambda book, one: shown_html(book, one.id),
    tools=(
        ("ことわり書きを書き入れる", composing.complete, "お礼や間がら、人数のことわり書きを入れました"),
        ("個人のことが分かる所を「…」で外す", composing.mask, "確かめました。見つかった所は「…」になっています"),
    ),
)


def _chosen_from(found: list[Candidate], before: str) -> Markup:
    glad = [one for one in found if one.glad]
    if not found:
        return empty("感想の声が、まだありません", f"「{before}」のページで声を入れると、ここから選べます。")
    if not glad:
        return empty(
            "ご紹介できる声は、まだありません",
            f"いただいたのは、直すための声です。「{before}」のページで、何を直すかを決めるのが先です。",
        )
    ready = sum(bool(one.scopes) for one in glad)
    told = say(Markup("うれしい声は<b>{}件</b>、そのうちお許しのあるものは<b>{}件</b>です。").format(len(glad), ready))
    return told + Markup('<div class="kz-hint">{}</div>').format(_COUNTED)


def _candidate(one: Candidate) -> Markup:
    best = (
        Markup('<div class="kz-hint">短くしてよいお許しがあれば、ここだけを使います：「{}」</div>').format(apart(one.best))
        if one.best != one.card.text
        else ""
    )
    return quote(one.card) + best


def _to_mend(found: list[Candidate]) -> Markup:
    rest = [one for one in found if not one.glad]
    if not rest or len(rest) == len(found):
        return Markup("")
    each = Markup("").join(quote(one.card) for one in rest)
    told = f"ご紹介には使わない声（{len(rest)}件）も、消さずに取ってあります"
    return Markup('<details class="kz-numbers"><summary>{}</summary>{}</details>').format(told, each)


def _no_longer(count: int, papers: tuple[Hanging, ...]) -> Markup:
    told = []
    if count:
        told.append(f"下書き{things(count)}に、お許しの終わった言葉が入っています。下のボタンで外せます。")
    if papers:
        told.append(
            f"貼ってある紙のうち{len(papers)}枚に、お許しの終わった言葉があります（{'・'.join(one.place for one in papers)}）。外しましょう。"
        )
    return Markup("").join(Markup('<div class="kz-finding stop"><b>お知らせ</b>{}</div>').format(one) for one in told)


def show_voices(page: Page) -> Testimonials:
    """Voices to choose, and the drafts made of them."""
    return Testimonials(page, "声を選んで、形にする")
