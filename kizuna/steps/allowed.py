"""What must hold before customers' words go out: consent, name, what stands beside them, and what is recorded about them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kizuna.finding import Finding, Strength
from kizuna.language.personal import Kind as Personal
from kizuna.language.personal import find_personal
from kizuna.language.rules import Facts, Industry, check_facts, check_text, rule
from kizuna.language.rules.table import table
from kizuna.process import Step
from kizuna.steps.consents import Tie, covering, shown, ties
from kizuna.steps.names import tells_name
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Consent, Invitation, Offer, Quote, Request, Voice, fingerprint
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook

if TYPE_CHECKING:
    from kizuna.steps.drafts import DraftView, PieceView

US = "testimonial.us"
_EXCERPT = re.compile("抜粋|一部|選ん")
_ASKED = re.compile("お願いして|おたずねし|たのんで|頼んで|依頼")
_POSTED = re.compile(r"SNS|インスタ|Instagram|ツイ|Twitter|TikTok|Facebook|フェイスブック|投稿|ハッシュタグ", re.IGNORECASE)


def check(book: Workbook, one: DraftView, today: date) -> tuple[Finding, ...]:
    """What the records say about the customers' words of a draft that goes out; nothing for one that reaches only herself."""
    if one.form.scope is None:
        return ()
    own = [str(read_answer(book, "shop") or "")]
    us = bool(read_answer(book, US))
    industry = Industry.kept(read_answer(book, "industry"))
    found: list[Finding] = []
    with book.reading() as session:
        paragraphs = {role.key: _bare(text, spans) for role, text, spans in one.paragraphs()}
        for group in one.groups:
            voice = session.get(Voice, group[0].voice_id)
            if voice is None:
                continue
            consent = covering(session, voice.id, one.form.scope, today)
            found += _about(voice, check_facts(_facts(session, one, group, voice, consent, paragraphs, today, us)))
            found += _about(voice, _by_consent(group, voice, consent))
            found += _about(voice, _in_words(spoken(group), voice, consent, own, one.form.channel, industry))
        found += _names(session, one, "\n".join(paragraphs.values()), today)
        found += check_facts(
            Facts(excluded=_left_out(session, one), excerpt_note=any(_EXCERPT.search(text) for text in paragraphs.values()))
        )
    return tuple({(finding.rule, finding.strength, finding.message): finding for finding in found}.values())


def _facts(
    session: Session,
    one: DraftView,
    group: Sequence[PieceView],
    voice: Voice,
    consent: Consent | None,
    paragraphs: dict[str, str],
    today: date,
    us: bool,
) -> Facts:
    beside = paragraphs.get(group[0].role, "")
    heard = voice.heard_on or voice.source.taken_at.date()
    place = f"{voice.source.name} {voice.question} {voice.column}"
    asked = bool(_POSTED.search(place)) and _was_asked(session, voice)
    several = len({other[0].voice_id for other in one.groups if other[0].role == group[0].role}) > 1
    if several and consent:  # with several people's words together, it must be told whose it is
        beside = "\n".join(line for line in beside.splitlines() if shown(consent) in line)
    tied = [_told(each, beside) for each in (ties(consent) if consent else ())] + ([bool(_ASKED.search(beside))] if asked else [])
    return Facts(
        perk=consent.perk if consent else None,
        perk_value=consent.perk_value if consent else None,
        relation=consent.relation if consent else None,
        shown_outside=True,
        disclosed=all(tied),
        changed=fingerprint(voice.text) != voice.sha256,
        requested_post=asked,
        sourced=bool(voice.source.sha256),
        months_old=(today.year - heard.year) * 12 + today.month - heard.month - (today.day < heard.day),
        consent_covers=consent is not None,
        from_elsewhere=re.search(f"{table().words['site']}|口コミ|クチコミ", place) is not None,
        author_permits=consent is not None,
        market_us=us,
        used_it=_used(session, voice),
    )


def _by_consent(group: Sequence[PieceView], voice: Voice, consent: Consent | None) -> Iterator[Finding]:
    """ST-05 by the consent: words may be left out only where that was allowed."""
    whole = len(group) == 1 and group[0].card is not None and group[0].card.text.strip() == voice.text.strip()
    if consent is not None and consent.edit != "shorten" and not whole:
        message = "この声は、全文をそのまま載せる約束です。短くすると、意味が変わることがあります。全文を入れるか、短くしてよいかをご本人に確かめましょう。"
        yield Finding("ST-05", "CHANGED", Strength.STOP, message)


def may_stand(
    session: Session, quote: Quote, scopes: Sequence[str], today: date, own: Sequence[str], industry: str | None
) -> Consent | None:
    """The consent (for one of ``scopes``, the first that holds) under which a quote may stand on a paper on that day.

    None where nothing covers it, where it was to be left whole, and where something in it would first have to be minded.
    """
    voice, text = quote.voice, quote.text
    consent = next(filter(None, (covering(session, voice.id, scope, today) for scope in scopes)), None)
    if consent is None or fingerprint(voice.text) != voice.sha256:
        return None
    if consent.edit != "shorten" and text.strip() != voice.text.strip():
        return None
    return None if any(_in_words(text, voice, consent, own, "paper", industry)) else consent


def _in_words(
    text: str, voice: Voice, consent: Consent | None, own: Sequence[str], channel: str, industry: str | None
) -> Iterator[Finding]:
    """What the words themselves tell: her own name, others' names, details that fit together, children."""
    anonymous = consent is None or consent.name_style != "real"
    people = [text[at.start : at.end] for at in find_personal(text, own) if at.kind is Personal.PERSON]
    if anonymous and (tells_name(text, voice.person) or any(tells_name(f"{one}さん", voice.person) for one in people)):
        yield rule("PI-05").finding(Strength.STOP)
    elif people:
        yield Finding(
            "PI-01", "PERSONAL", Strength.CARE,
            f"人のお名前のような言葉があります（{'・'.join(people)}）。その方のお許しも要ります。「…」で外すか、載せてよいかを確かめましょう。",
        )  # fmt: skip
    if anonymous:
        told = f"{shown(consent)}、" if consent else ""
        line = told + re.sub(r"[。．！!？?\s]+", "、", text)
        if any(one.rule == "PI-06" for one in check_text(line, "customer", channel, "voice", industry)):
            yield rule("PI-06").finding(Strength.CARE)
    if any(one.rule == "PI-03" for one in check_text(text, "customer", channel, "voice", industry)) and not (consent and consent.guardian):
        message = "お子さんのことが分かる声ですが、保護者の方のお許しが記録にありません。保護者の方におたずねし、学校名や学年は「…」で外しましょう。"
        yield Finding("PI-03", "CHILD", Strength.CARE, message)


def spoken(group: Sequence[PieceView]) -> str:
    """A customer's words as they stand between one pair of 「」."""
    return "…".join(one.card.text for one in group if one.card)


def _names(session: Session, one: DraftView, text: str, today: date) -> Iterator[Finding]:
    """PI-05: the owner's own words tell a name that was to stay unsaid, or was to be said otherwise."""
    told = f"{one.title}\n{text}"
    for voice_id in one.voices:
        voice = session.get(Voice, voice_id)
        consent = covering(session, voice_id, one.form.scope or "", today)
        if voice is None or (consent is not None and (consent.name_style == "real" or tells_name(f"{shown(consent)}さん", voice.person))):
            continue  # the name on the list may be the one she goes by
        if tells_name(told, voice.person):
            yield from _about(voice, check_facts(Facts(name_style_kept=False)))


def _left_out(session: Session, one: DraftView) -> int:
    """How many who gave feedback on this part do not stand in the draft."""
    feedback = (Voice.part == one.part, Voice.step == Step.FEEDBACK, Voice.topic != Topic.MEDIA)
    gave = set(session.scalars(select(Voice.person_id).where(*feedback)))
    here = set(session.scalars(select(Voice.person_id).where(Voice.id.in_(one.voices))))
    return len(gave - here) if here else 0


def _was_asked(session: Session, voice: Voice) -> bool:
    mine = (Request.person_id == voice.person_id, Request.part == voice.part)
    return bool(session.scalar(select(func.count(Request.id)).where(*mine)))


def _used(session: Session, voice: Voice) -> bool | None:
    """Whether the person used what she was invited to: False where she declined and never used it, None where nothing is noted.

    Only in the part of her words: who stays away from the gathering still used what she says she used.
    """
    mine = (Invitation.person_id == voice.person_id, Offer.part == voice.part)
    rows = list(session.scalars(select(Invitation).join(Offer, Offer.id == Invitation.offer_id).where(*mine)))
    if not rows:
        return None
    declined = all(one.accepted is False and one.used_on is None for one in rows)
    return False if declined else None


def _told(tie: Tie, beside: str) -> bool:
    return any(re.search(words, beside) for words in tie.told)


def _bare(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """A paragraph without the customers' words in it: what the owner says herself."""
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text


def _about(voice: Voice, found: Sequence[Finding] | Iterator[Finding]) -> Iterator[Finding]:
    for one in found:
        yield Finding(one.rule, one.category, one.strength, f"{voice.person.called}の言葉について：{one.message}", 0, 0, one.softer)
