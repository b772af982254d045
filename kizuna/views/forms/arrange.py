"""The person's own grouping: the card board, and what each of its acts does to the workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kizuna.errors import KizunaError
from kizuna.steps import themes
from kizuna.views.board import Board, beside
from kizuna.views.fields import overwritten
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import empty, html
from kizuna.views.plain import show
from kizuna.workbook.answers import read_answer, save_answer

STORY = "この並びを文章にすると"
NAME, NOTE = "まとまりの名前", "文章にする"  # as on the board
_BOXES, _SLIPS = 3, 14  # on one blank sheet: empty boxes, and empty cards to cut out


class Arrange(PartForm):
    """All cards and themes at once: move, gather, name, join, dissolve, and put what is seen into sentences."""

    cuts = True

    def build(self) -> None:
        self._acts: dict[str, Callable[[dict[str, Any]], str | None]] = {
            "move": self._move,
            "release": self._release,
            "make": self._make,
            "rename": self._rename,
            "merge": self._merge,
            "dissolve": self._dissolve,
            "note": self._note,
            "story": self._story,
        }
        self._order: list[int] = []
        self._laid = themes.Laid((), (), ())
        self._empty = html()
        self._board = Board(self._receive)
        self.lay(self._empty, self._board)

    def refresh(self) -> None:
        laid = self._laid = themes.laid(self.page.book, self.part)
        by_id = {view.id: view for view in laid.themes}
        known = [one for one in self._order if one in by_id]
        self._order = [*known, *(one for one in by_id if one not in known)]  # boxes stay where they stood, new ones follow
        shown = bool(laid.themes or laid.cards)
        show(self._board, shown)
        (self.add_class if shown else self.remove_class)("kz-wide")
        self._empty.value = "" if shown else empty("まだ声がありません", "声を入れると、ここでまとまりに分けたり、名前をつけたりできます。")
        story = read_answer(self.page.book, self._key, "")
        self._board.show((by_id[one] for one in self._order), laid.loose, laid.aside, str(story or ""))

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            box = (Line(NAME), Line(NOTE, kind="long"))
            return [
                Block("声のカード", "点線で切りはなし、一枚に一つずつ、話されたとおりに書きます。", slips=(None,) * _SLIPS, fresh=True),
                Block("まとまりを直す", "近いと感じるカードを集めてから、名前をつけます。", fresh=True),
                *(Block(f"まとまり {number}", lines=box, inner=True) for number in range(1, _BOXES + 1)),
                Block("", lines=(Line(STORY, kind="long"),)),
            ]
        laid = themes.laid(self.page.book, self.part)
        rest = [("まだ分けていない声", laid.loose), ("わきに置いた声", laid.aside)]
        return [
            Block("まとまりを直す", "" if laid.cards else "声は、まだありません。", fresh=True),
            *(
                Block(view.name, f"{view.people}人・{len(view.cards)}枚", (Line(NOTE, value=view.note),), view.cards, inner=True)
                for view in laid.themes
            ),
            *(Block(name, f"{len(cards)}枚", quotes=cards, inner=True) for name, cards in rest if cards),
            Block("", lines=(Line(STORY, kind="long", value=str(read_answer(self.page.book, self._key) or "")),)),
        ]

    def slips(self) -> list[Block]:
        laid = themes.laid(self.page.book, self.part)
        return [Block("", "点線で切りはなし、机の上に広げて、近いと感じるものを集めます。", slips=laid.cards)] if laid.cards else []

    @property
    def _key(self) -> str:
        return f"research.story.{self.part}"

    def _receive(self, content: dict[str, Any]) -> None:
        """One act from the page: do it, then show the file as it is, whatever came of it."""
        if content.get("kind") == "suggest":
            self._suggest(content)
            return
        self.mark.clear()
        done = self.mark.guard(lambda: (self._acts.get(str(content.get("kind")), _unknown)(content),))
        self._board.done(content, well=done is not None)
        self.mark.guard(self.refresh)
        if done is None:
            return
        told = self.mark.value
        self.mark.guard(lambda: self.saved(done[0] or "保存しました"))
        if told:
            self.mark.value = told

    def _move(self, content: dict[str, Any]) -> str:
        cards = self._cards(content)
        if content.get("theme", "") is None:
            themes.move(self.page.book, cards, None)
            return f"{len(cards)}件をわきに置きました"
        themes.move(self.page.book, cards, self._theme(content.get("theme")))
        return f"{len(cards)}件を移しました"

    def _release(self, content: dict[str, Any]) -> str:
        cards = self._cards(content)
        themes.release(self.page.book, cards)
        return f"{len(cards)}件を「まだ分けていない声」に戻しました"

    def _make(self, content: dict[str, Any]) -> str:
        cards = self._cards(content, some=False)
        key = content.get("key")
        made = themes.make(self.page.book, self.part, themes.NAMELESS, cards)
        self._order.insert(0, made)
        if isinstance(key, str) and len(key) <= 60:
            self._board.born[key] = made
        return f"{len(cards)}件で新しいまとまりを作りました" if cards else "新しいまとまりを作りました"

    def _rename(self, content: dict[str, Any]) -> str:
        themes.rename(self.page.book, self._theme(content.get("theme")), " ".join(_words(content, "name").split()))
        return "名前を保存しました"

    def _merge(self, content: dict[str, Any]) -> str:
        themes.merge(self.page.book, self._theme(content.get("theme")), self._theme(content.get("into")))
        return "一つにしました"

    def _dissolve(self, content: dict[str, Any]) -> str:
        themes.remove(self.page.book, self._theme(content.get("theme")))
        return "まとまりをほどきました。声は「まだ分けていない声」に残っています"

    def _note(self, content: dict[str, Any]) -> str:
        theme, note = self._theme(content.get("theme")), _words(content, "note")
        before = next((view.note for view in themes.themes(self.page.book, self.part) if view.id == theme), "")
        themes.write_note(self.page.book, theme, note)
        self._tell_other(before, content.get("seen"), note)
        return "保存しました"

    def _story(self, content: dict[str, Any]) -> str:
        seen, story = content.get("seen"), _words(content, "story").strip()
        saved = save_answer(self.page.book, self._key, story, STORY, seen if isinstance(seen, str) else None)
        self._tell_other(saved.overwritten or "", "", "")
        return "保存しました"

    def _tell_other(self, before: str, seen: Any, now: str) -> None:
        if before and before not in (seen, now.strip()):
            self.mark.tell(overwritten(before))

    def _suggest(self, content: dict[str, Any]) -> None:
        card, book, part = content.get("card"), self.page.book, self.part
        if isinstance(card, int) and self._laid.themes:
            beside(lambda: themes.suggest(book, part, card), lambda found: self._board.suggested(card, found))

    def _cards(self, content: dict[str, Any], some: bool = True) -> list[int]:
        """The cards of a message, each once; only those that lie on this board."""
        cards = content.get("cards")
        known = {one.id for one in self._laid.cards}
        if not isinstance(cards, list) or not all(_number(one) and one in known for one in cards):
            raise KizunaError("動かそうとした声が、いまの画面にありません。ページを開き直して、もう一度ためしてください。")
        if some and not cards:
            raise KizunaError("動かしたい声を、先に選んでください。")
        return list(dict.fromkeys(cards))

    def _theme(self, value: Any) -> int:
        """The theme of a message; one that was made on this page may still be called by the page's own name for it."""
        found = self._board.born.get(value) if isinstance(value, str) else value
        if not _number(found) or found not in self._order:
            raise KizunaError("そのまとまりは、いまの画面にありません。ページを開き直して、もう一度ためしてください。")
        return int(found)


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _words(content: dict[str, Any], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str):
        raise KizunaError("書いた言葉を受け取れませんでした。ページを開き直して、もう一度ためしてください。")
    return value


def _unknown(_: dict[str, Any]) -> None:
    raise KizunaError("この操作は分かりませんでした。ページを開き直して、もう一度ためしてください。")


def arrange(page: Page) -> Arrange:
    """The person's own grouping, on the card board."""
    return Arrange(page, "まとまりを直す")
