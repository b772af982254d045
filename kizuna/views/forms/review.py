"""The look back on the page: what was made in both parts, then and now, what is to come, and all of it on one sheet."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kizuna.process import Part, course
from kizuna.steps import review
from kizuna.steps.review import Ahead, Decided, Made
from kizuna.views.files import printed
from kizuna.views.forms.papers import OneSheet
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import day, empty, html, quote, say, table
from kizuna.views.sheets import review_html
from kizuna.workbook.models import Idea

_NOT_YET = "まだ書いていません"
_GROUPS = (
    (
        "past",
        "日にちのすぎたもの",
        "できていたら、それぞれのページで「できました」を押しましょう。まだなら、日にちを決め直してだいじょうぶです。",
    ),
    ("month", "これから30日", ""),
    ("quarter", "そのあと、90日まで", ""),
    ("later", "90日より先", ""),
    ("undated", "日にちを決めていないもの", "それぞれのページで日にちを書くと、日にちの順に並びます。"),
)


_ALWAYS = {"month", "quarter"}  # stretches that are shown though nothing is in them, once anything is decided


class Boxes(Form):
    """Both parts, box by box: what was made, and what the owner decided there, each with words of somebody who asked for it."""

    def build(self) -> None:
        self._told = html()
        self.lay(html(Markup('<p class="kz-sample">{}</p>').format(review.words().private)), self._told)

    def refresh(self) -> None:
        made = review.made(self.page.book)
        if not any(one.begun for one in made):
            self._told.value = empty("まだ、できたものがありません", "お客さまの声を一つ入れると、ここから並びはじめます。")
            return
        self._told.value = Markup("").join(_part(part, [one for one in made if one.box.part is part]) for part in Part)

    def paper(self, blank: bool) -> list[Block]:
        made = () if blank else review.made(self.page.book)
        return [block for part in Part for block in _blocks(part, [one for one in made if one.box.part is part and one.begun])]


class ThenAndNow(Form):
    """The owner's own words at the beginning beside those of today, and the numbers with what they are a part of."""

    def build(self) -> None:
        self._words, self._numbers = html(), html()
        self.lay(self._words, self._numbers)

    def refresh(self) -> None:
        pairs = review.then_and_now(self.page.book)
        if pairs:
            each = Markup("").join(
                Markup(
                    '<div><h4>{}</h4><div class="kz-beside"><span>はじめ</span><div>{}</div></div><div class="kz-beside"><span>いま</span><div>{}</div></div></div>'
                ).format(one.title, _own(one.before), _own(one.now))
                for one in pairs
            )
            self._words.value = say("はじめのころのご自分の言葉と、いまの言葉です。") + Markup('<div class="kz-then">{}</div>').format(each)
        else:
            self._words.value = empty(
                "くらべる言葉が、まだありません", "上の問いに答えると、「はじめに」「見取り図」のページで書いた言葉と並びます。"
            )
        rows = [(one.label.label, *(one.said(part, brief=True) for part in Part)) for one in review.numbers(self.page.book)]
        told = say("数は、何人のうちの何人かといっしょに見ます。小さい数も、お一人お一人です。")
        both = table(["", *(course().parts[part].title for part in Part)], rows)
        self._numbers.value = told + Markup('<div class="kz-both">{}</div>').format(both)

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return []
        pairs = review.then_and_now(self.page.book)
        lines = [
            Line(f"{one.title}（{when}）", value="\n".join(own) or _NOT_YET, follows=when != "はじめ")
            for one in pairs
            for when, own in (("はじめ", one.before), ("いま", one.now))
        ]
        numbers = [
            Line(one.label.label, kind="brief", value="・".join(f"{course().parts[part].title}：{one.said(part)}" for part in one.counts))
            for one in review.numbers(self.page.book)
        ]
        return [*([Block("はじめと、いま", lines=tuple(lines))] if lines else []), Block("数で見る", lines=tuple(numbers))]


class Coming(Form):
    """The next thirty and ninety days: decided and asked for, by their days; what nobody asked for waits as a question."""

    def build(self) -> None:
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        found = review.ahead(self.page.book)
        coming = any(getattr(found, key) for key, _, _ in _GROUPS)
        groups = [
            Markup('<div class="kz-q">{}</div>{}<ul class="kz-coming">{}</ul>').format(
                _title(key, title, found),
                Markup('<div class="kz-hint">{}</div>').format(hint) if hint else "",
                Markup("").join(_coming(one) for one in rows) or Markup('<li class="kz-hint">まだ予定はありません</li>'),
            )
            for key, title, hint in _GROUPS
            if (rows := getattr(found, key)) or (key in _ALWAYS and coming)
        ]
        if not groups:
            groups = [empty("決まっている予定は、まだありません", "望んだ方の声がある一手や改善を決めると、日にちの順に、ここに並びます。")]
        self._told.value = Markup("").join([*groups, _questions(found.ideas)])

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return []
        found = review.ahead(self.page.book)
        blocks = [
            Block(
                _title(key, title, found),
                lines=tuple(Line(one.title, kind="brief", value=_when(one) or "日にちは、これから") for one in rows),
            )
            for key, title, _ in _GROUPS
            if (rows := getattr(found, key))
        ]
        if found.ideas:
            lines = tuple(Line(one.question, kind="brief", value="これから聞きます") for one in found.ideas)
            blocks.append(Block("次に聞くこと", lead="まだだれも望んでいないので、予定には入れていません。", lines=lines))
        return blocks


def _part(part: Part, made: Sequence[Made]) -> Markup:
    """One part with its five boxes; of a part that has not begun, only that it comes later."""
    name = Markup('<div class="kz-map-name"><b>{}</b><span>{}</span></div>').format(
        course().parts[part].title, course().parts[part].between
    )
    if not any(one.begun for one in made):
        return name + Markup('<p class="kz-hint">ここは、これからです。あわてなくてだいじょうぶです。</p>')
    return name + Markup('<ol class="kz-review">{}</ol>').format(Markup("").join(_box(one) for one in made))


def _box(one: Made) -> Markup:
    told = course().steps[one.box.step]
    made = Markup('<b class="kz-map-made">{}</b>').format(one.box.made) if one.box.made else Markup('<span class="kz-hint">これから</span>')
    return Markup("<li><div><i>{}</i>{}　{}</div>{}</li>").format(
        told.number, told.title[one.box.part], made, Markup("").join(_decided(each) for each in one.decided)
    )


def _decided(one: Decided) -> Markup:
    done = f"・{day(one.done_on)}にできました" if one.done_on else ""
    return Markup('<div class="kz-decided"><b>{}</b><span class="kz-hint">{}人の言葉から{}</span>{}</div>').format(
        one.title, one.people, done, quote(one.words)
    )


def _blocks(part: Part, made: Sequence[Made]) -> list[Block]:
    if not made:
        return []
    titles = {one.box.step: course().steps[one.box.step].title[part] for one in made}
    lines = tuple(Line(titles[one.box.step], kind="brief", value=one.box.made) for one in made)
    inner = [Block(each.title, lead=f"{each.people}人の言葉から", quotes=(each.words,), inner=True) for one in made for each in one.decided]
    return [Block(course().parts[part].title, lines=lines), *inner]


def _own(lines: Sequence[str]) -> Markup:
    """The owner's own words, without brackets: those are her customers'."""
    return Markup("<br>").join(lines) if lines else Markup('<span class="kz-hint">{}</span>').format(_NOT_YET)


def _title(key: str, title: str, found: Ahead) -> str:
    """The name of a stretch of days with its last day."""
    last = found.last_days.get(key)
    return f"{title}（{day(last)}まで）" if last else title


def _when(one: Decided) -> str:
    return "・".join(part for part in (day(one.on) if one.on else "", one.often) if part)


def _coming(one: Decided) -> Markup:
    name = course().steps[one.step].title[one.part]
    when = Markup("<b>{}</b>　").format(_when(one)) if _when(one) else Markup("")
    return Markup('<li>{}{}<span class="kz-hint">　{}・{}人の言葉から</span></li>').format(when, one.title, name, one.people)


def _questions(ideas: Sequence[Idea]) -> Markup:
    if not ideas:
        return Markup("")
    rows = Markup("").join(Markup("<li>{}</li>").format(one.question) for one in ideas)
    return Markup(
        '<div class="kz-q">次に聞くこと</div><div class="kz-hint">まだだれも望んでいないので、予定には入れていません。聞いてみて、望む方がいたら計画に入れられます。</div><ul class="kz-coming">{}</ul>'
    ).format(rows)


def review_boxes(page: Page) -> Boxes:
    """What was made in both parts."""
    return Boxes(page, "できたもの")


def then_and_now(page: Page) -> ThenAndNow:
    """The owner's words and the numbers, then and now."""
    return ThenAndNow(page, "はじめと、いま")


def coming_days(page: Page) -> Coming:
    """The next thirty and ninety days."""
    return Coming(page, "これからの30日と90日")


def review_sheet(page: Page) -> OneSheet:
    """The look back on one page."""
    sheet = printed("print", "ふりかえりを一枚に印刷する", "ふりかえり", lambda: review_html(page.book))
    return OneSheet(page, "一枚にする", review.words().private, sheet)
