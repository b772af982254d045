"""What the rules say about a draft, and when it may be finished and go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.rules import Channel, Industry, check_cost, check_text
from kizuna.language.rules.looks import thankless
from kizuna.steps import allowed
from kizuna.steps.allowed import spoken
from kizuna.steps.cards import Card
from kizuna.steps.drafts.model import DraftView, draft, row_of
from kizuna.workbook.answers import read_answer
from kizuna.workbook.store import Workbook

_QUOTED = re.compile(r"「[^」]*」?")
_LEADS = re.compile(
    r"(?:こんな(?:ふう|風)に|このように|次のように|こう)、?(?:おっしゃ|(?:お?話し?|言っ|聞かせ|教え|書い)て?(?:くださ|下さ|いただ|もら))[^。！？\n]*"
)
_ROOM = re.compile(r"（ここに[^）]*）")  # what a template leaves for the owner to write


def tick(book: Workbook, draft_id: int, rule: str, yes: bool = True) -> None:
    """Note that the owner has looked at what a rule says (「確かめました」)."""
    with book.act("確かめた印をつけた" if yes else "確かめた印を外した") as session:
        row = row_of(session, draft_id)
        row.ticked = sorted({*row.ticked, rule} if yes else {*row.ticked} - {rule})
        if not yes:
            row.finished_on = None


def check(book: Workbook, one: DraftView, today: date | None = None) -> tuple[Finding, ...]:
    """What the rules say about a draft on that day; places count code points of ``one.text``."""
    found: list[Finding] = []
    industry, shop = Industry.kept(read_answer(book, "industry")), read_answer(book, "shop")
    own = (shop,) if shop else ()
    if not one.pieces:
        found.append(Finding("4-44", "EMPTY", Strength.STOP, "まだ何も書かれていません。言葉を入れると、仕上げられます。"))
    elif one.form.scope and not one.groups:
        found.append(
            Finding("4-44", "EMPTY", Strength.STOP, "お客さまの言葉が、一つも入っていません。お許しのある声を入れると、仕上げられます。")
        )
    if one.inside:
        found += [_at_the_title(finding) for finding in _sold(one.title)]
    quotable = any(role.quotes for role in one.words.roles)
    at = 0
    for role, text, spans in one.paragraphs():
        if role.cost:
            told = check_cost(text)
        else:
            told = check_text(text, "owner", one.form.channel, role.purpose or one.words.purpose, industry, spans, own)
            told = _among_members(told, text, spans) if one.inside else told
        leads = _leads(text) if quotable and not one.groups else ()
        found += [_moved(finding, at) for finding in (*told, *foreign(text, spans), *_rooms(text, spans), *leads)]
        at += len(text) + 1
    for group in one.groups:
        if group[0].card and one.form.scope:
            said = check_text(spoken(group), "customer", one.form.channel, one.words.purpose, industry, (), own)
            found += [_in_voice(finding, group[0].card) for finding in said]
    return (*_one_thanks(found, one.text), *allowed.check(book, one, today or date.today()))


def finish(book: Workbook, draft_id: int, also: Iterable[Finding] = (), today: date | None = None) -> None:
    """Mark a draft as finished, if the rules let it pass as it is at this moment; ``also`` is what its kind's own rules found.

    Raises ``KizunaError`` with the first reason why it cannot be: a 止める, or a 注意 that the owner has not ticked.
    """
    one = draft(book, draft_id)
    let_pass(one, (*check(book, one, today), *also))
    with book.act(f"「{one.words.name}」を仕上げた") as session:
        row_of(session, draft_id).finished_on = today or date.today()


def let_pass(one: DraftView, found: Sequence[Finding]) -> None:
    """Raise ``KizunaError`` with the first reason why a draft may not go out: a 止める, or a 注意 that the owner has not ticked."""
    for finding in found:
        if finding.strength is Strength.STOP:
            raise KizunaError(finding.message)
    for finding in found:
        if finding.strength is Strength.CARE and finding.rule not in one.ticked:
            raise KizunaError(f"「確かめました」の印が、まだついていない所があります：{finding.message}")


def reopen(book: Workbook, draft_id: int) -> None:
    """Let a finished draft be mended again."""
    with book.act("仕上げた文を、もう一度ひらいた") as session:
        row_of(session, draft_id).finished_on = None


def _among_members(found: Sequence[Finding], text: str, spans: Sequence[tuple[int, int]]) -> list[Finding]:
    """The same findings, but what sells does not want a tick: it stops, as every money word does (KZ-03)."""
    return [*(one for one in found if one.rule not in ("KZ-02", "KZ-03")), *_sold(text, spans)]


def _sold(text: str, spans: Sequence[tuple[int, int]] = ()) -> list[Finding]:
    """What sells, or speaks of money, in the owner's words to members."""
    return [one for one in check_text(text, "owner", Channel.TRIBE, skip=spans) if one.rule == "KZ-03"]


def _at_the_title(finding: Finding) -> Finding:
    return Finding(finding.rule, finding.category, finding.strength, f"題名の{finding.message}", 0, 0, finding.softer)


def _one_thanks(found: Iterable[Finding], text: str) -> Iterator[Finding]:
    """One thanks is enough for a whole message (KZ-15), in whichever part it stands."""
    thanked = not thankless(text)
    for one in found:
        if one.rule != "KZ-15" or not thanked:
            yield one
        thanked = thanked or one.rule == "KZ-15"


def foreign(text: str, spans: Sequence[tuple[int, int]] = ()) -> Iterator[Finding]:
    """KZ-06: 「」 in the owner's own words; a customer's words come from her voice, and titles have 『』."""
    for match in _QUOTED.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in spans):
            yield Finding(
                "KZ-06",
                "QUOTE",
                Strength.STOP,
                f"{match[0]}は、記録から選んだお客さまの言葉ではありません。お客さまの言葉は声から選んで入れ、題名などには『 』を使ってください。",
                match.start(),
                match.end(),
            )


def _rooms(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    for match in _ROOM.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in spans):
            yield Finding("4-23", "EMPTY", Strength.STOP, f"まだ書いていない所があります：{match[0]}", match.start(), match.end())


def _leads(text: str) -> Iterator[Finding]:
    """Words that lead to a customer's, where none follow."""
    for match in _LEADS.finditer(text):
        message = f"『{match[0]}』のあとに、お客さまの言葉がありません。言葉を入れ直すか、この一文を消しましょう。"
        yield Finding("4-44", "LEAD", Strength.CARE, message, match.start(), match.end())


def _moved(finding: Finding, by: int) -> Finding:
    return Finding(
        finding.rule, finding.category, finding.strength, finding.message, finding.start + by, finding.end + by, finding.softer
    )  # fmt: skip


def _in_voice(finding: Finding, said: Card) -> Finding:
    """A finding on a customer's words: what to do is to leave them out, never to mend them."""
    message = f"{said.person}の言葉について：{finding.message}"
    return Finding(finding.rule, finding.category, finding.strength, message, 0, 0, ())
