"""Customers' words as they go out: on the wall, on paper, on the shop's page; and the sheets that stand behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.highlight import highlight
from kizuna.language.rules import Facts, check_facts, dated, footer
from kizuna.process import Part
from kizuna.steps import consents, drafts, testimonials
from kizuna.steps.cards import voice_card
from kizuna.steps.proofs import proofs
from kizuna.steps.showing import Showing, showing
from kizuna.views.sheets import render
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Person, Voice
from kizuna.workbook.store import Workbook

_MARKUP = re.compile(r"<[^>]*(?:itemscope|itemprop|itemtype|ld\+json|schema\.org)", re.IGNORECASE)
_SIZES = {"pop": ((40, 36), (70, 31), (110, 26), (170, 22), (260, 18)), "flyer": ((60, 22), (120, 18), (220, 15.5), (360, 13.5))}
_SMALLEST = {"pop": 14, "flyer": 11.5}


@dataclass(frozen=True)
class Shown:
    """A voice on the consent sheet: whole, and the sentence that would be used alone."""

    text: str
    best: str


@dataclass(frozen=True)
class Asked:
    """One person's consent sheet; without a name where nobody noted it."""

    person: str
    voices: tuple[Shown, ...]


def shown_html(book: Workbook, draft_id: int, today: date | None = None) -> str:
    """A finished testimonial, ready to print or to look at, in the look of its form.

    Raises ``KizunaError`` where it may not go out: it is not finished, or a consent has ended since.
    """
    out = showing(book, draft_id, today)
    if out.form in ("web", "sns"):
        snippet = web_snippet(book, draft_id, today)
        return render("voices_web_page.html.j2", out=out, snippet=Markup(snippet), source=snippet)  # noqa: S704 (filled in with every value escaped)
    labels = {role.key: role.label for role in drafts.draft(book, draft_id).words.roles}
    template = {"pop": "pop.html.j2", "flyer": "flyer.html.j2"}.get(out.form, "story.html.j2")
    stages = [(key, labels[key]) for key in ("before", "use", "after")]
    return render(template, out=out, shop=read_answer(book, "shop") or "", size=_size(out), stages=stages)


def web_snippet(book: Workbook, draft_id: int, today: date | None = None) -> str:
    """A finished testimonial as a piece of HTML for the shop's own page, without any mark-up of reviews (SE-01).

    Raises ``KizunaError`` where it may not go out, or where such mark-up has come into the template.
    """
    made = render("voices_web.html.j2", out=showing(book, draft_id, today))
    for finding in check_facts(Facts(review_markup=_MARKUP.search(made) is not None)):
        raise KizunaError(finding.message)
    return made


def proof_html(book: Workbook, part: Part, today: date | None = None) -> str:
    """The book of where every word comes from, ready to print; for the shop alone."""
    lines = proofs(book, part, today)
    groups = [
        (next((one.title for one in found if one.title), f"{number}枚め"), found[0].form, found)
        for number, (_, each) in enumerate(groupby(lines, key=lambda one: one.draft_id), start=1)
        for found in [list(each)]
    ]
    shop = read_answer(book, "shop") or ""
    return render("proof.html.j2", groups=groups, shop=shop, today=today or date.today(), foot=[dated(), footer()])


def consent_html(book: Workbook, voice_ids: Sequence[int] = (), part: Part = Part.FOLLOWUP) -> str:
    """The consent sheet with these voices, a page for each person; blank without any. None of its ticks is made beforehand."""
    words = consents.texts()
    return render(
        "consent.html.j2",
        title=testimonials.words().parts[part].sheet,
        sheets=_asked(book, voice_ids) or [Asked("", ())],
        text=words.now,
        outward=[one for one in words.scopes if one.outward],
        edits=words.edits,
        expiries=words.expiries,
        contact=read_answer(book, consents.CONTACT) or "",
        shop=read_answer(book, "shop") or "",
    )


def _asked(book: Workbook, voice_ids: Sequence[int]) -> list[Asked]:
    by_person: dict[int, list[Shown]] = {}
    with book.reading() as session:
        for voice_id in voice_ids:
            voice = session.get(Voice, voice_id)
            if voice is None:
                raise KizunaError("選んだ声が見つかりません。画面を新しくして、もう一度選んでください。")
            start, end = highlight(voice.text) or (0, len(voice.text))
            by_person.setdefault(voice.person_id, []).append(Shown(voice_card(voice).text, voice.text[start:end]))
        people = {one: session.get_one(Person, one) for one in by_person}
        return [Asked(people[one].called if people[one].name else "", tuple(voices)) for one, voices in by_person.items()]


def _size(out: Showing) -> float:
    """How large the words are set, in points, so that a form that hangs on a wall keeps to one page."""
    length = (
        sum(len(one.words) + 8 for one in out.said) + sum(len(one.text) for one in out.passages if one.role in ("offer", "thanks")) // 2
    )
    fitting = (size for most, size in _SIZES.get(out.form, ()) if length <= most)
    return next(fitting, _SMALLEST.get(out.form, 15))
