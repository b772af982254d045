"""What goes out: only words that were said, only where they may go; every 止める of this part stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from kizuna.errors import KizunaError
from kizuna.steps import consents, drafts, proofs, showing, testimonials
from kizuna.steps.cards import cut
from kizuna.steps.drafts import Kind
from kizuna.steps.withdrawals import withdraw
from kizuna.workbook.answers import save_answer
from kizuna.workbook.models import Consent, ConsentVoice, Invitation, Offer, Request, Source, Voice
from kizuna.workbook.store import Workbook
from tests.steps.testifying import (
    GLAD,
    HEARD,
    LONG,
    PART,
    SORRY,
    TODAY,
    a_book,
    allow,
    begin,
    finish,
    found,
    plain,
    tell,
    undisclosed,
    voices,
    written,
)


def with_industry(industry: str, text: str, owner: str = "") -> tuple[Workbook, int]:
    book = a_book(("ミナト", text))
    save_answer(book, "industry", industry)
    allow(book, edit="none")
    return book, written(book, begin(book), owner)


def tampered(table: Any, **values: Any) -> tuple[Workbook, int]:
    book, one = plain()
    with book.act("手を加えた") as session:
        session.execute(update(table).values(**values))
    return book, one


def shortened(edit: str = "none") -> tuple[Workbook, int]:
    book = a_book(("ミナト", LONG))
    allow(book, edit=edit)
    one = begin(book)
    drafts.take(book, one, drafts.draft(book, one).of("use")[0].id)
    with book.act("切った") as session:
        quote = cut(session, 1, 0, 12).id
    drafts.put(book, one, "use", quote)
    return book, one


def from_a_review_site() -> tuple[Workbook, int]:
    book = a_book(("ミナト", GLAD), question="Googleの口コミ")
    consent = allow(book)
    one = begin(book)
    with book.act("取り下げだけを書いた") as session:  # as if the words had stayed in the draft
        session.get_one(Consent, consent).withdrawn_on = TODAY
    return book, one


def without_consent() -> tuple[Workbook, int]:
    book, _ = plain()
    other = tell(book, "ソラ", "こちらもうれしかったです。")
    with book.act("切った") as session:
        quote = cut(session, other, 0, 5).id
    drafts.put(book, 1, "use", quote)
    return book, 1


def somebody_elses() -> tuple[Workbook, int]:
    book, one = plain(LONG)
    other = tell(book, "ソラ", GLAD)
    with book.act("ほかの方のお許しになった") as session:
        session.execute(update(ConsentVoice).values(voice_id=other))
    return book, one


def titled() -> tuple[Workbook, int]:
    book, one = plain()
    drafts.rename(book, one, "ミナトさんの声")
    return book, one


def named_beside() -> tuple[Workbook, int]:
    book = a_book(("ミナト", GLAD), ("ソラ", GLAD))
    allow(book, 1, name_style="real", shown_name="")
    allow(book, 2, shown_name="S")
    return book, written(book, begin(book, "pop", 1, 2), "ミナトさん、ソラさん、ありがとうございました。")


def never_used() -> tuple[Workbook, int]:
    book, one = plain()
    whose = voices(book)[0].person_id
    with book.act("お誘いをことわった") as session:
        offer = Offer(part=PART, name="お知らせ")
        session.add(offer)
        session.flush()
        session.add(Invitation(offer_id=offer.id, person_id=whose, accepted=False))
    return book, one


STOPS: dict[str, tuple[str, Callable[[], tuple[Workbook, int]], str]] = {
    "a perk for praise": ("ST-01", lambda: plain(perk="positive"), "良い評価を条件に"),
    "a perk unsaid": ("ST-03", lambda: undisclosed(perk="voice"), "声のすぐそばに書きましょう"),
    "a monitor unsaid": ("ST-03", lambda: undisclosed(relation="monitor"), "声のすぐそばに書きましょう"),
    "used for nothing, unsaid": ("ST-03", lambda: undisclosed(relation="free"), "声のすぐそばに書きましょう"),
    "the family unsaid": ("ST-06", lambda: undisclosed(relation="family"), "身内や従業員の声です"),
    "the staff unsaid": ("ST-06", lambda: undisclosed(relation="staff"), "身内や従業員の声です"),
    "the owner herself unsaid": ("ST-06", lambda: undisclosed(relation="self"), "身内や従業員の声です"),
    "a voice that was changed": ("ST-05", lambda: tampered(Voice, text=GLAD.replace("迷わず", "すぐに")), "もとの文と変わっています"),
    "shortened against the word": ("ST-05", shortened, "全文をそのまま載せる約束"),
    "a source that is gone": ("ST-08", lambda: tampered(Source, sha256=""), "もとの記録がありません"),
    "a share without a base": ("KH-03", lambda: plain(owner="満足度98%のお店です。"), "いつ・だれに・何人に"),
    "an effect in numbers": ("KH-04", lambda: plain("この教室に通って、1か月で5キロ痩せました。とてもうれしかったです。", edit="none"), "効き目を、数字や期間で"),
    "treatment at a doctor's": ("IH-01", lambda: with_industry("医療・歯科", "こちらの治療で腰がとても楽になりました。"), "医療の広告では体験談"),
    "the best doctor": ("IH-02", lambda: with_industry("医療・歯科", "受付の方がやさしかったです。", "県内一の医院です。"), "医療の広告では使えない"),
    "needles on paper": ("AH-01", lambda: with_industry("あん摩・はり・きゅう・柔整", "はりで肩こりが楽になりました。"), "体験談や効き目の話は外しましょう"),
    "a symptom without a licence": ("AH-02", lambda: with_industry("整体・リラク(無資格)", "腰痛がすっかり楽になりました。"), "感じ方の言葉にしましょう"),
    "a cream that heals": ("YK-01", lambda: with_industry("化粧品・健康食品", "このクリームでシミが消えてうれしかったです。"), "効き目や安全を約束する"),
    "an expert's word": ("YK-02", lambda: with_industry("化粧品・健康食品", "香りが好きです。", "皮膚科医もすすめるクリームです。"), "専門家がすすめている"),
    "a telephone number": ("PI-01", lambda: plain("090-1234-5678に電話をくださって、とても助かりました。"), "電話番号や住所"),
    "a consent for another place only": ("PI-04", lambda: tampered(Consent, scopes=["improve", "web"]), "同意がないか、期限切れか"),
    "a consent that ended yesterday": ("PI-04", lambda: tampered(Consent, expires_on=date(2026, 11, 25)), "同意がないか、期限切れか"),
    "a consent of tomorrow": ("PI-04", lambda: tampered(Consent, obtained_on=date(2026, 11, 27)), "同意がないか、期限切れか"),
    "somebody else's consent": ("PI-04", somebody_elses, "同意がないか、期限切れか"),
    "no consent": ("PI-04", without_consent, "同意がないか、期限切れか"),
    "shortened though only slips may be mended": ("ST-05", lambda: shortened("typos"), "全文をそのまま載せる約束"),
    "a name in the title": ("PI-05", titled, "約束とちがいます"),
    "the name of one who stays without beside one who does not": ("PI-05", named_beside, "約束とちがいます"),
    "a name in the owner's words": ("PI-05", lambda: plain(owner="ミナトさん、ありがとうございました。"), "約束とちがいます"),
    "her own name in her words": ("PI-05", lambda: plain("店の方が「ミナトさん」と呼んでくださり、うれしかったです。"), "約束とちがいます"),
    "copied from elsewhere": ("CP-01", from_a_review_site, "よそに書かれた文"),
    "somebody who never used it": ("US-02", never_used, "使っていない人の声"),
    "words nobody said": ("KZ-06", lambda: plain(owner="みなさまが「最高」と言います。"), "記録から選んだお客さまの言葉ではありません"),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPS)
def test_what_must_not_go_out_stops_with_its_reason(name: str) -> None:
    rule, make, told = STOPS[name]
    book, one = make()
    assert found(book, one)[rule] == "止める"
    for other, strength in found(book, one).items():
        if strength == "注意":
            drafts.tick(book, one, other)
    with pytest.raises(KizunaError):
        showing.finish(book, one, TODAY)
    assert any(told in each.message for each in showing.check(book, drafts.draft(book, one), TODAY) if each.rule == rule)
    with pytest.raises(KizunaError):
        showing.showing(book, one, TODAY)


def test_the_same_drafts_go_out_where_nothing_is_the_matter() -> None:
    book, one = plain()
    finish(book, one)
    assert showing.showing(book, one, TODAY).said[0].words == GLAD


def old(on: date = date(2024, 1, 5)) -> tuple[Workbook, int]:
    book = a_book(("ミナト", GLAD), on=on)
    allow(book)
    return book, begin(book)


def selected() -> tuple[Workbook, int]:
    book, one = plain()
    tell(book, "ソラ", SORRY)
    drafts.write(book, one, "note", "")
    return book, one


def posted() -> tuple[Workbook, int]:
    book = a_book(("ミナト", GLAD), question="インスタの投稿")
    whose = voices(book)[0].person_id
    with book.act("お願いした") as session:
        session.add(Request(part=PART, person_id=whose, asked_on=HEARD))
    allow(book)
    return book, begin(book)


def american() -> tuple[Workbook, int]:
    book, one = undisclosed(perk="voice")
    save_answer(book, "testimonial.us", True)
    return book, one


def offered() -> tuple[Workbook, int]:
    book, one = plain()
    drafts.write(book, one, "offer", "取り寄せ本の予約を、お電話でうけたまわります。")
    return book, one


def grown() -> tuple[Workbook, int]:
    book, one = plain()
    tell(book, "ソラ", SORRY)
    return book, one


CARES: dict[str, tuple[str, Callable[[], tuple[Workbook, int]], str]] = {
    "only good voices": ("ST-04", selected, "抜粋しています"),
    "a post that was asked for": ("ST-07", posted, "お願いして書いてもらった投稿"),
    "a mere disclaimer": ("KH-01", lambda: plain(owner="※個人の感想です。"), "誤解を防いだことには"),
    "the only one": ("KH-02", lambda: plain(owner="日本一の本屋です。"), "言い切りや「一番」"),
    "an old voice": ("KH-06", old, "この声は古いものです"),
    "an illness": ("PI-02", lambda: plain("がんの手術のあとに寄ると、席があってうれしかったです。"), "とくに気をつける情報"),
    "a child": ("PI-03", lambda: plain("小学3年生の息子と来て、本当に親切でうれしかったです。"), "保護者の方のお許しが記録にありません"),
    "details together": ("PI-06", lambda: plain("保育士の仕事のあとに寄れて、うれしかったです。", name_style="anonymous", shown_name="堺市の30代女性"), "だれか分かりそうです"),
    "another shop": ("CP-03", lambda: plain("前のサロンは下手でした。ここは本当に上手で、うれしかったです。", edit="none"), "ほかのお店を悪く言う"),
    "America": ("US-01", american, "FTC規則"),
    "an offer before its time": ("4-43", offered, "目安を、まだ決めていません"),
    "numbers of yesterday": ("4-43", grown, "いまの記録とちがいます"),
    "another person's name": ("PI-01", lambda: plain("店員の田中さんが選んでくださり、とてもうれしかったです。"), "田中"),
}  # fmt: skip


@pytest.mark.parametrize("name", CARES)
def test_what_is_to_be_minded_must_be_ticked(name: str) -> None:
    rule, make, told = CARES[name]
    book, one = make()
    assert found(book, one)[rule] == "注意"
    assert any(told in each.message for each in showing.check(book, drafts.draft(book, one), TODAY) if each.rule == rule)


def test_a_guardian_who_allowed_it_is_not_asked_for_again() -> None:
    book, one = plain("小学3年生の息子と来て、本当に親切でうれしかったです。", child=True, guardian="母")
    assert not any("保護者の方のお許しが記録にありません" in each.message for each in showing.check(book, drafts.draft(book, one), TODAY))


def test_an_effect_does_not_hide_behind_what_was_left_out() -> None:
    text = "1か月で、家族もおどろいたのですが、5キロ痩せました。"
    book = a_book(("ミナト", text))
    allow(book)
    with book.act("切った") as session:
        spans = [cut(session, 1, text.index(part), text.index(part) + len(part)).id for part in ("1か月で", "5キロ痩せました")]
    one = drafts.begin(book, PART, Kind.TESTIMONIAL, "pop", quotes={"use": spans[:1]})
    drafts.put(book, one, "use", spans[1], joined=True)
    assert found(book, one)["KH-04"] == "止める"


def test_with_two_people_together_it_must_be_told_whose_it_is() -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", GLAD))
    allow(book, 1, perk="voice")
    allow(book, 2, shown_name="S")
    one = begin(book, "pop", 1, 2)
    assert "ST-03" not in found(book, one)
    drafts.write(book, one, "use", "お礼をお渡ししています。")
    assert found(book, one)["ST-03"] == "止める"


def test_an_offer_may_stand_there_once_the_owners_own_threshold_is_reached() -> None:
    book, one = offered()
    testimonials.set_threshold(book, PART, 1, 50, HEARD)
    assert "4-43" not in found(book, one) and "KZ-02" not in found(book, one)


def test_a_voice_is_old_from_its_day_on_and_not_from_its_month() -> None:
    months = next(one for one in range(1, 60) if "KH-06" in found(*old(consents.later(TODAY, -one))))
    last = consents.later(TODAY, -months)
    assert "KH-06" in found(*old(last)) and "KH-06" not in found(*old(last + timedelta(1)))


def test_under_each_name_go_only_the_words_that_were_allowed_under_it_there() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, scopes=("shop",))
    allow(book, scopes=("improve", "web"), name_style="nickname", shown_name="海辺のひと")
    for form in ("pop", "web"):
        finish(book, begin(book, form))
    assert [showing.showing(book, one, TODAY).said[0].name for one in (1, 2)] == ["Mさん", "海辺のひとさん"]
    assert [(one.name, one.consent_id) for one in proofs.proofs(book, PART, TODAY)] == [("Mさん", 1), ("海辺のひとさん", 2)]


# ---- what goes out is looked at again


def test_nothing_goes_out_before_it_is_finished() -> None:
    book, one = plain()
    with pytest.raises(KizunaError, match="まだ仕上がっていない"):
        showing.showing(book, one, TODAY)


def test_nothing_goes_out_after_the_consent_has_ended() -> None:
    book, one = plain()
    finish(book, one)
    assert showing.may_go_out(book, PART, TODAY) == ((drafts.draft(book, one), ""),)
    with pytest.raises(KizunaError, match=r"仕上げたあとに、確かめることが出てきました.*同意がないか、期限切れか"):
        showing.showing(book, one, TODAY + timedelta(days=366))
    assert "同意" in showing.may_go_out(book, PART, TODAY + timedelta(days=366))[0][1]


def test_nothing_goes_out_when_the_consent_was_undone() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book)
    one = begin(book)
    finish(book, one)
    with book.act("お許しの記録が消えた") as session:
        for table in (ConsentVoice, Consent):
            for row in session.query(table):
                session.delete(row)
                session.flush()
    with pytest.raises(KizunaError, match="同意がないか"):
        showing.showing(book, one, TODAY)


def test_words_without_a_name_do_not_go_out_even_where_no_rule_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    book, one = plain()
    finish(book, one)
    monkeypatch.setattr(showing, "check", lambda *_: ())
    assert showing.showing(book, one, TODAY).said
    with pytest.raises(KizunaError, match="お許しのない言葉が入っている"):
        showing.showing(book, one, TODAY + timedelta(400))


def test_a_tick_heals_only_what_is_to_be_minded_and_can_be_taken_back() -> None:
    book, one = plain("090-1234-5678に電話をくださって、とても助かりました。")
    drafts.tick(book, one, "PI-01")
    with pytest.raises(KizunaError, match="電話番号や住所"):
        finish(book, one)
    book, one = selected()
    drafts.tick(book, one, "ST-04")
    showing.finish(book, one, TODAY)
    drafts.tick(book, one, "ST-04", yes=False)
    assert drafts.draft(book, one).finished_on is None
    with pytest.raises(KizunaError, match="まだ仕上がっていない"):
        showing.showing(book, one, TODAY)


def test_a_finish_with_old_findings_looks_at_the_consent_itself() -> None:
    book, one = plain()
    consent = 1
    view = drafts.draft(book, one)
    told = showing.check(book, view, TODAY)
    withdraw(book, consent, TODAY)
    drafts.put(book, one, "use", view.groups[0][0].card.id)
    with pytest.raises(KizunaError, match="同意がないか"):
        drafts.finish(book, one, [each for each in told if each.strength == "助言"], TODAY)


def test_a_letter_to_herself_needs_no_consent() -> None:
    book = a_book(("ミナト", GLAD))
    with book.act("切った") as session:
        quote = cut(session, 1, 0, len(GLAD)).id
    one = drafts.begin(book, PART, Kind.CHANGE, "letter", words={"greeting": "ありがとうございます。"}, quotes={"wish": [quote]})
    assert not {rule for rule in found(book, one) if rule.startswith(("PI-0", "ST-"))}
    with pytest.raises(KizunaError, match="ご本人へのお便り"):
        showing.showing(book, one, TODAY)
