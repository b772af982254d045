"""One notebook as a page: which workbook it shows, and how its forms hear of each other's changes."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.process import Part, Section, section
from kizuna.steps.practice import exercise
from kizuna.views import plain as widgets
from kizuna.views.parts import Mark, html
from kizuna.views.way import to_care
from kizuna.workbook import place
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

if TYPE_CHECKING:
    from kizuna.views.paper import Block


log = logging.getLogger(__name__)

STRICT = bool(os.environ.get("KIZUNA_STRICT"))  # for tests: a form that fails to show anything fails them
_UNREADABLE = Markup(
    "ノートの中に読めないところがあって、ここは出せません。ほかのところは、そのまま使えます。{}で、点検をして、前の日の控えにもどせます。"
)


class Form(widgets.VBox):
    """A piece of a page that shows the workbook and writes into it; ``refresh`` shows the file as it is now.

    One that cannot show what the workbook holds says so in one sentence, and the others work.
    """

    cuts = False  # whether it has cards to cut out

    def __init__(self, page: Page, title: str = "") -> None:
        self.page = page
        self.mark = Mark()
        self.title = html(Markup("<h3>{}</h3>").format(title)) if title else None
        super().__init__([])
        self.add_class("kz")
        self.add_class("kz-form")
        try:
            self.build()
            page.join(self)
            self.refresh()
        except Exception as error:  # a workbook from elsewhere may hold what no form ever wrote
            if STRICT:
                raise
            log.exception("a form cannot show what the workbook holds")
            page.leave(self)
            self.lay()  # fields half filled would look empty, and be written over
            self.mark.tell(str(error) if isinstance(error, KizunaError) else _UNREADABLE.format(to_care()), Strength.STOP)

    def build(self) -> None:
        """Make the form's parts once; a subclass sets ``self.children`` by ``lay``."""

    def refresh(self) -> None:
        """Show what the file holds now, without losing what is being written."""

    def paper(self, blank: bool) -> list[Block]:
        """What of this form stands on paper: ``blank`` to write on, else as the file holds it now."""
        return []

    def slips(self) -> list[Block]:
        """The cards of this form to cut out."""
        return []

    def lay(self, *children: widgets.Widget) -> None:
        """Put these parts into the form, under its title and above what it says back."""
        self.children = [*([self.title] if self.title else []), *children, self.mark]

    def saved(self, what: str = "保存しました") -> None:
        """Say that it is saved, and let the other forms of the page follow."""
        self.page.settle()
        self.mark.saved(what)
        self.page.changed(self)


class PartForm(Form):
    """A form that serves either part: that of its page."""

    def __init__(self, page: Page, title: str = "") -> None:
        self.part = page.part
        super().__init__(page, title)


@dataclass(frozen=True)
class Trouble:
    """That the workbook at ``path`` cannot be opened, and why."""

    path: Path
    why: KizunaError


class Page:
    """A notebook's page on the workbook that is open; with ``practice`` that of the exercise beside a section."""

    def __init__(self, file: str, book: Workbook, practice: bool = False, trouble: Trouble | None = None) -> None:
        self.section: Section = section(file)
        self.book = book
        self.practice = practice
        self.trouble = trouble
        self.waits = False  # for the person to choose a workbook, on the very first visit
        self._forms: list[Form] = []
        self._numbers: dict[str, int] = {}
        self._version = book.version()

    @property
    def part(self) -> Part:
        """The part this page belongs to; a page that belongs to none shows the first."""
        return self.section.part or Part.FOLLOWUP

    @property
    def title(self) -> str:
        """What the page is called."""
        return f"{exercise(self.section).kind}：{self.section.title}" if self.practice else self.section.title

    def join(self, form: Form) -> None:
        """From now on ``form`` is refreshed when something changes."""
        self._forms.append(form)

    def leave(self, form: Form) -> None:
        """``form`` is of no use: it is not refreshed, and does not stand on paper."""
        self._forms = [one for one in self._forms if one is not form]

    @property
    def forms(self) -> tuple[Form, ...]:
        """The page's forms in their order."""
        return tuple(self._forms)

    def number(self, key: str) -> str:
        """The number of the field ``key`` on screen and on paper: one, two, three over the whole page."""
        return f"{self._numbers.setdefault(key, len(self._numbers) + 1)}."

    def changed(self, by: Form | None = None) -> None:
        """Let every form but ``by`` show the file as it is now."""
        self._version = self.book.version()
        for form in self._forms:
            if form is not by:
                form.mark.guard(form.refresh)

    def look(self) -> None:
        """Refresh everything if another page has changed the workbook meanwhile."""
        if self.book.version() != self._version:
            self.changed()

    def use(self, path: Path) -> None:
        """Open another workbook, here and on every page opened from now on."""
        book = open_workbook(path)
        place.choose(path)
        self.book.close()
        self.book, self.trouble, self.waits = book, None, False
        self.changed()

    def settle(self) -> None:
        """What was written before any workbook was chosen goes into one of the owner's own: it is told as saved."""
        if self.waits and self.book.undo_label() is not None:
            path = place.free()
            self.book.write_to(path)
            self.use(path)

    @property
    def sample(self) -> bool:
        """Whether the workbook on this page is the worked example."""
        return isinstance(self.book.path, Path) and self.book.path.name == place.SAMPLE

    @property
    def ready(self) -> bool:
        """Whether there is a workbook to write into (on the very first visit there is none yet)."""
        return self.book.path != MEMORY
