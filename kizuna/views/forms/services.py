"""What is done for nothing, on the page: what all of it takes, beside the owner's hours."""

from __future__ import annotations

from markupsafe import Markup

from kizuna.steps import services
from kizuna.steps.plan import spell_minutes
from kizuna.views.page import Form, Page
from kizuna.views.parts import empty, findings, html, say


class FreeServices(Form):
    """The sum of what is written in the field above, and what to look at once more."""

    def build(self) -> None:
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        found = services.services(self.page.book)
        if not found.each:
            self._told.value = empty("まだ何も書いてありません", "上に書くと、ひと月に合わせて何時間かが、ここに出ます。")
            return
        sum_ = Markup("無料でしていることは、合わせてひと月に<b>{}</b>です。").format(spell_minutes(found.minutes))
        self._told.value = (say(sum_) if found.minutes else Markup("")) + findings(services.check(found))


def free_services(page: Page) -> FreeServices:
    """What all that is done for nothing takes."""
    return FreeServices(page)
