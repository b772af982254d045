"""Taking a person out with every trace of her: what goes is read first, her name is written, then it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from markupsafe import Markup, escape

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.language.personal import MASK
from kizuna.steps import erasing
from kizuna.steps.erasing import Mention, Traces, words
from kizuna.views import plain as widgets
from kizuna.views.opening import Opening
from kizuna.views.page import Page
from kizuna.views.parts import Mark, button, html, row, stack
from kizuna.views.plain import show
from kizuna.workbook.erasing import Cleaned

_AROUND = 40  # letters shown before and after what is covered
Told = Callable[[Traces, Cleaned], None]


class Erasing(Opening):
    """A button that opens what is there of a person and, below it, the deed; ``done`` hears of it."""

    def __init__(self, page: Page, person_id: int, mark: Mark, done: Told) -> None:
        self._page, self._person_id, self._mark, self._done = page, person_id, mark, done
        self._seen: Traces | None = None
        super().__init__((words().ask, words().close), self._parts, self._fill, mark)

    def _parts(self) -> list[widgets.Widget]:
        self._told, self._asked, self._besides, self._ask = html(), html(), html(), html()
        self._texts = stack(kind="kz-list")
        self._give_up = widgets.Checkbox(description=words().give_up, indent=False)
        self._unreadable = html()
        self._name = widgets.Text()
        self._name.add_class("kz-middle")
        self._do = button(words().button, self._erase, self._mark)
        return [
            self._told,
            self._asked,
            self._texts,
            self._besides,
            self._unreadable,
            self._give_up,
            stack(self._ask, row(self._name, self._do)),
        ]

    def _fill(self) -> None:
        if self._seen is not None and self._seen.version == self._page.book.version():
            return  # what is being decided here stays
        self._seen = seen = erasing.traces(self._page.book, self._person_id)
        told = words()
        self._told.value = _going(seen)
        self._asked.value = _asked(told.mentions.format(count=things(len(seen.mentions))), told.mentions_hint) if seen.mentions else ""
        self._texts.children = [_Text(one) for one in seen.mentions]
        self._besides.value = _lines(seen.besides())
        names = "、".join(one.name for one in seen.unreadable)
        self._unreadable.value = _lines([told.unreadable.format(count=len(seen.unreadable), names=names)] if seen.unreadable else [])
        self._give_up.value = False
        show(self._give_up, seen.unreadable)
        self._ask.value = _asked(told.confirm, told.confirm_hint.format(name=seen.name))

    def _erase(self) -> None:
        seen = self._seen
        if seen is None or seen.version != self._page.book.version():
            self._fill()
            raise KizunaError(words().changed)
        if not erasing.is_named(seen, self._name.value):
            raise KizunaError(words().other.format(name=seen.name))
        self._mark.working(words().working)
        kept = [one.mention.text for one in self._texts.children if not one.hide]
        cleaned = erasing.erase(self._page.book, self._person_id, kept, seen.unreadable if self._give_up.value else ())
        self._done(seen, cleaned)


class _Text(widgets.VBox):
    """A text of the owner's that tells of the person, and whether that is covered."""

    def __init__(self, mention: Mention) -> None:
        self.mention = mention
        self._hide = widgets.Checkbox(value=True, description=words().hide, indent=False)
        super().__init__([html(_mention(mention)), self._hide])
        self.add_class("kz-field")

    @property
    def hide(self) -> bool:
        """Whether she wants it covered."""
        return bool(self._hide.value)


def after(seen: Traces, cleaned: Cleaned) -> Markup:
    """What is said once it is done: that it is, and what is left to do by hand."""
    lines = _list(seen.by_hand())
    return Markup('<div class="kz-hint"><p>{}</p><p><b>{}</b></p>{}</div>').format(erasing.said(cleaned), words().by_hand, lines)


def _going(seen: Traces) -> Markup:
    told = words()
    lines = [*(seen.counts or (told.nothing,)), *seen.loosened]
    if seen.copies:
        lines.append(told.copies.format(count=seen.copies))
    lead = Markup("<p>{}{}</p>").format(told.lead.format(called=seen.called), told.final)
    return Markup('<div class="kz-hint">{}<p><b>{}</b></p>{}</div>').format(lead, told.going, _list(lines))


def _mention(one: Mention) -> Markup:
    return Markup('<div class="kz-hint"><b>{}</b><br>{}</div>').format("、".join(one.places), _marked(one))


def _marked(one: Mention) -> Markup:
    """The text around what would be covered, with that marked; all of it, if it is short."""
    if len(one.text) != len(one.covered):  # whole lines of a draft go
        return escape(one.text)
    hidden = [at for at, (was, now) in enumerate(zip(one.text, one.covered, strict=True)) if was != now and now == MASK]
    first, last = max(hidden[0] - _AROUND, 0), min(hidden[-1] + _AROUND + 1, len(one.text))
    shown = Markup("").join(_signs(one, first, last))
    return Markup("{}{}{}").format("…" if first else "", shown, "…" if last < len(one.text) else "")


def _signs(one: Mention, first: int, last: int) -> Iterator[Markup]:
    """Stretches of the text, those that would be covered marked."""
    at = first
    while at < last:
        end = at
        covered = one.text[at] != one.covered[at]
        while end < last and (one.text[end] != one.covered[end]) is covered:
            end += 1
        yield Markup("<mark>{}</mark>").format(one.text[at:end]) if covered else escape(one.text[at:end])
        at = end


def _asked(question: str, hint: str) -> Markup:
    return Markup('<div class="kz-q">{}</div><div class="kz-hint">{}</div>').format(question, hint)


def _lines(lines: Iterable[str]) -> Markup:
    return Markup("").join(Markup('<div class="kz-finding care">{}</div>').format(one) for one in lines)


def _list(lines: Iterable[str] | Sequence[str]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(one) for one in lines))
