"""The parts every screen is made of: words and cards as HTML, buttons that tell their errors, the saved mark."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.sentences import sentences
from kizuna.steps.cards import Card
from kizuna.views import plain as widgets
from kizuna.workbook.backups import Copy

log = logging.getLogger(__name__)

_CLASSES = {Strength.STOP: "stop", Strength.CARE: "care", Strength.ADVICE: "advice"}
_WORDS = {Strength.STOP: "まだ進めません"}  # how a strength is told, where its own name is no word to a reader
_TO_WRITE = frozenset({"EMPTY", "RELATION"})  # what is only not written yet is no fault, and stands in no red
_LONG = 160  # code points of a quote shown at once; the rest opens on a click
WEEKDAYS = "月火水木金土日"
_TURNS = frozenset({"R", "AL", "AN", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def html(markup: Markup | str = "", *classes: str) -> widgets.HTML:
    """A widget showing ``markup`` (a plain ``str`` is escaped)."""
    shown = widgets.HTML(str(escape(markup)))
    for name in classes:
        shown.add_class(name)
    return shown


def row(*children: widgets.Widget) -> widgets.Box:
    """Children side by side, wrapping where the screen is narrow."""
    box = widgets.Box(children)
    box.add_class("kz-row")
    return box


def stack(*children: widgets.Widget, kind: str = "kz-field") -> widgets.VBox:
    """Children one below the other."""
    box = widgets.VBox(children)
    box.add_class(kind)
    return box


def asked(question: str, place: widgets.Widget, hint: str = "") -> widgets.VBox:
    """A question without a number, with its place to answer below; for what is saved by a button."""
    told = Markup('<div class="kz-q">{}</div>').format(question)
    return stack(html(told + (Markup('<div class="kz-hint">{}</div>').format(hint) if hint else "")), place)


def day(value: date | None) -> str:
    """A date as people write it: 「11月23日（月）」."""
    return f"{value.month}月{value.day}日（{WEEKDAYS[value.weekday()]}）" if value else "日にちなし"


def spell_copy(copy: Copy) -> str:
    """A copy of a workbook: 「2026年11月23日（月）の書きはじめ」, or what it was kept before."""
    return f"{copy.on.year}年{day(copy.on)}{copy.why or 'の書きはじめ'}"


def say(sentence: Markup | str) -> Markup:
    """The sentence above a chart or a table that says what it shows."""
    return Markup('<p class="kz-say">{}</p>').format(sentence)


def empty(title: str, what_next: str) -> Markup:
    """What stands where nothing is yet: what is missing, and what to do next."""
    return Markup('<div class="kz-empty"><b>{}</b>{}</div>').format(title, what_next)


def finding(one: Finding) -> Markup:
    """One finding with its strength in words, what is the matter and how to mend it."""
    if one.strength is Strength.STOP and one.category in _TO_WRITE:
        kind, told = "advice", "ここを書くと進めます"
    else:
        kind, told = _CLASSES[one.strength], _WORDS.get(one.strength, one.strength.value)
    return Markup('<div class="kz-finding {}"><b>{}</b>{}</div>').format(kind, told, one.message)


def findings(found: Iterable[Finding]) -> Markup:
    """Several findings, the heaviest first, the same sentence only once."""
    order = list(_CLASSES)
    unique = {(one.strength, one.message): one for one in found}
    return Markup("").join(finding(one) for one in sorted(unique.values(), key=lambda one: order.index(one.strength)))


def apart(text: str) -> Markup:
    """Somebody's text for a line of ours: signs in it that turn the writing direction turn nothing beside it, and it stays as it is."""
    turns = any(unicodedata.bidirectional(sign) in _TURNS for sign in text)
    return Markup("<bdi>{}</bdi>").format(text) if turns else escape(text)


def quote(card: Card) -> Markup:
    """A customer's words in 「」, character for character, with who said them, when and where they stand; nobody is named twice."""
    when = f"・{day(card.heard_on)}" if card.heard_on else ""
    return Markup('<div class="kz-quote"><blockquote>{}</blockquote><footer>{}{}・{}</footer></div>').format(
        _words(card.text), apart(card.person), when, card.source.removeprefix(f"{card.person}の")
    )


def quotes(cards: Sequence[Card], first: int = 5) -> Markup:
    """Quotes below one another; more than ``first`` open on a click."""
    shown = Markup("").join(quote(card) for card in cards[:first])
    if len(cards) <= first:
        return shown
    rest = Markup("").join(quote(card) for card in cards[first:])
    return shown + Markup("<details><summary>あと{}件の声を見る</summary>{}</details>").format(len(cards) - first, rest)


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Markup:
    """A plain table; wider than the screen it scrolls sideways and says so."""
    head = Markup("").join(Markup("<th>{}</th>").format(cell) for cell in header)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in line)) for line in rows
    )
    return Markup(
        '<p class="kz-scroll-note">表は横に動かせます。</p><div class="kz-scroll" tabindex="0" role="region" aria-label="表">'
        '<table class="kz-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, body)


def button(label: str, act: Callable[[], Any], mark: Mark, kind: str = "") -> widgets.Button:
    """A button whose errors are told in ``mark`` instead of being swallowed; it shows that its work runs."""
    made = widgets.Button(description=label)
    for name in kind.split():
        made.add_class(name)

    def press(_: Any) -> None:
        made.add_class("kz-busy")
        try:
            mark.guard(act)
        finally:
            made.remove_class("kz-busy")

    made.on_click(press)
    return made


class Mark(widgets.HTML):
    """What a form says back: 「保存しました」 with the time, or in one sentence what went wrong."""

    def saved(self, what: str = "保存しました") -> None:
        """Say that all is in the file."""
        self.value = Markup('<div class="kz-saved" role="status">{}（{:%H:%M:%S}）</div>').format(what, datetime.now())

    def working(self, what: str) -> None:
        """Say that something takes a moment."""
        self.value = Markup('<div class="kz-hint" role="status">{}</div>').format(what)

    def tell(self, message: str, strength: Strength = Strength.CARE) -> None:
        """Say what the person can mend."""
        self.value = Markup('<div class="kz-finding {}" role="alert">{}</div>').format(_CLASSES[strength], message)

    def clear(self) -> None:
        """Say nothing."""
        self.value = Markup("")

    def guard(self, act: Callable[[], Any]) -> Any:
        """Run ``act``; whatever it raises becomes a sentence here, since ipywidgets would swallow it."""
        try:
            return act()
        except KizunaError as error:
            self.tell(str(error), Strength.STOP)
        except Exception:
            log.exception("a handler failed")
            self.tell(
                "思いがけないことが起きて、いまの操作は終わりませんでした。保存と出ている内容は残っています。ページを開き直して、もう一度ためしてください。",
                Strength.STOP,
            )
        return None


def fold(text: str, long: int = _LONG) -> tuple[str, str]:
    """A text in two: what is shown at once, and what opens on a click (nothing, unless it is longer than ``long``)."""
    cut = _fold_at(text, long) if len(text) > long else len(text)
    return text[:cut], text[cut:]


def _words(text: str) -> Markup:
    first, rest = fold(text)
    if not rest:
        return Markup("「{}」").format(apart(text))
    return Markup("「{}<details><summary>つづきを読む（全部で{}文字）</summary>{}」</details>").format(apart(first), len(text), apart(rest))


def _fold_at(text: str, long: int) -> int:
    """Where a long text is folded: behind a sentence if one ends in the second half, and never inside one sign."""
    ends = [end for _, end in sentences(text[:long]) if long // 2 < end < long]
    cut = ends[-1] if ends else long
    while cut > 1 and (_joins(text[cut]) or text[cut - 1] == "\u200d"):
        cut -= 1
    flags = len(text[:cut]) - len(text[:cut].rstrip(_FLAG_LETTERS))
    return cut - flags % 2  # a flag is two letters: an odd one belongs to the next


def _joins(sign: str) -> bool:
    """Whether this code point belongs to the sign before it (a mark, a joiner, a skin tone)."""
    return (
        unicodedata.combining(sign) > 0
        or unicodedata.category(sign) in ("Mn", "Me")
        or sign in "\u200dﾞﾟ"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
    )
