"""A class of fictional shops: raw workbooks full of names, phones and mails, each with its hand-in.

Names, numbers and addresses are made up; phones and mails use what is set aside for examples.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.process import Part, Step
from kizuna.steps.handin import file_name, hand_in, prepare
from kizuna.workbook.intake import bring_in
from kizuna.workbook.models import (
    Action,
    Answer,
    Closeness,
    Consent,
    ConsentVoice,
    Contact,
    Draft,
    Evidence,
    FanMark,
    Idea,
    Improvement,
    ImprovementEvidence,
    Invitation,
    Offer,
    Person,
    Piece,
    Placement,
    Plan,
    Quote,
    Theme,
    Touch,
    Voice,
)
from kizuna.workbook.reading import Column, Role, Topic, read_file
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 20)

FAMILIES = {
    "田中": "たなか", "佐々木": "ささき", "山本": "やまもと", "中村": "なかむら", "小林": "こばやし", "加藤": "かとう", "吉田": "よしだ",
    "山口": "やまぐち", "松本": "まつもと", "井上": "いのうえ", "木村": "きむら", "清水": "しみず", "斎藤": "さいとう", "長谷川": "はせがわ",
    "近藤": "こんどう", "石井": "いしい", "藤田": "ふじた", "岡田": "おかだ", "後藤": "ごとう", "前田": "まえだ", "村上": "むらかみ",
}  # fmt: skip
GIVENS = {"恵子": "けいこ", "美咲": "みさき", "健太": "けんた", "裕子": "ゆうこ", "翔太": "しょうた", "幸子": "さちこ", "陽子": "ようこ",
          "直樹": "なおき", "和子": "かずこ", "智子": "ともこ", "浩二": "こうじ", "千春": "ちはる", "拓也": "たくや", "奈緒": "なお"}  # fmt: skip
MAILS = ("hanako", "taro", "mika", "ken", "yuki", "aoi", "sora", "rin", "haru", "nana")
SHOPS = (
    "喫茶 こかげ",
    "ヘアサロン ソラ",
    "民宿 みなと",
    "花屋 あさつゆ",
    "豆腐の にしむら屋",
    "パン工房 むぎの穂",
    "写真館 ひなた",
    "整体院 ゆるり",
)
PURPOSES = (
    "ひと息つきたい方に、静かな時間を手わたす。",
    "はじめての方が、また来てもいいと思える所にする。",
    "家族の思い出に、そっと立ち会う。",
)
WISHES = {
    "着いたらすぐ知らせてほしい": (
        "入ったら、{medium}でひとこと知らせてもらえると助かります。",
        "取り置きができたら、すぐ知らせてほしいです。",
    ),
    "ゆっくり話したい": (
        "混まない時間に、ゆっくり話を聞いてもらえたらうれしいです。",
        "終わったあと、お茶を飲みながら話せる席があるといい。",
    ),
    "次に何を選ぶか相談したい": (
        "次に何を選べばいいか、いっしょに考えてほしいです。",
        "好みを覚えていてくれて、すすめてくれたらうれしい。",
    ),
    "家での続け方を知りたい": ("家に帰ってからの手入れの仕方を、紙でもらえると助かります。", "自分でできるこつを教えてほしいです。"),
}
FEELINGS = (
    "知らせが早くて、待つあいだも安心でした。",
    "席を用意してもらえて、久しぶりにゆっくりできました。",
    "紙のおかげで、家でも続けられています。",
)
MEDIA = ("line", "phone", "postcard", "mail")
SAID_MEDIA = ("LINE", "電話", "はがき", "メール")


@dataclass(frozen=True)
class Raw:
    """One participant's workbook, the hand-in made of it, and what must not stand in anything made of that."""

    workbook: Path
    handin: Path
    code: str
    secrets: tuple[str, ...] = field(repr=False)  # names in every spelling that stands in the workbook, phones, mails


@dataclass(frozen=True)
class Customer:
    """Somebody made up, in the spellings in which shops write her down."""

    family: str
    given: str
    phone: str
    mail: str

    @property
    def kana(self) -> str:
        return FAMILIES[self.family] + GIVENS[self.given]

    @property
    def katakana(self) -> str:
        return "".join(chr(ord(letter) + 0x60) for letter in FAMILIES[self.family])

    @property
    def secrets(self) -> tuple[str, ...]:
        full = f"{self.family}{self.given}"
        spaced = f"{self.family} {self.given}"
        digits = self.phone.replace("-", "")
        wide = self.phone.translate({ord(letter): ord(letter) + 0xFEE0 for letter in "0123456789-"})
        return (
            full,
            spaced,
            self.family,
            self.given,
            self.kana,
            self.katakana,
            f"{FAMILIES[self.family]}さん",
            self.phone,
            digits,
            wide,
            self.mail,
        )


def make_class(folder: Path, count: int, seed: int = 0) -> list[Raw]:
    """``count`` participants in ``folder``: workbooks in ``folder/raw``, hand-ins in ``folder/handin``; the same people and words for the same seed.

    They are at different steps of the course: the first have finished both parts' boxes, the last have only begun.
    """
    made = []
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    (folder / "handin").mkdir(parents=True, exist_ok=True)
    for number in range(count):
        luck = random.Random(f"{seed} {number}")
        path = folder / "raw" / f"{number + 1:04}.kizuna"
        book = open_workbook(MEMORY)  # as a file it would wait for the disk after every act
        customers = _customers(luck, 6 + number % 4)
        depth = 5 - number * 5 // max(count, 1)
        _shop(book, luck, number)
        _voices(book, luck, customers)
        with book.act("計画を立てた") as session:
            _go_on(session, luck, customers, depth)
        if depth >= 4:
            _feedback(book, luck, customers)
        looked_at = prepare(book)
        out = hand_in(book, folder / "handin" / file_name(looked_at), looked_at.digest, TODAY)
        with book.raw() as connection:
            path.write_bytes(connection.serialize())
        book.close()
        made.append(Raw(path, out, looked_at.code, tuple(dict.fromkeys(secret for one in customers for secret in one.secrets))))
    return made


def _customers(luck: random.Random, count: int) -> list[Customer]:
    families = luck.sample(sorted(FAMILIES), count)
    givens = luck.sample(sorted(GIVENS), count)
    return [
        Customer(family, given, f"090-0000-{luck.randrange(10_000):04}", f"{MAILS[at % len(MAILS)]}{luck.randrange(1000)}@example.com")
        for at, (family, given) in enumerate(zip(families, givens, strict=True))
    ]


def _shop(book: Workbook, luck: random.Random, number: int) -> None:
    shop = SHOPS[number % len(SHOPS)]
    answers: dict[str, object] = {
        "shop": shop,
        "purpose": luck.choice(PURPOSES),
        "called": "おなじみさん",
        "hours": luck.choice((4, 6, 8)),
        "entry.relation": luck.randrange(2, 6),
        "entry.product": luck.randrange(4, 9),
        "sender.name": shop,
        "consent.contact": "お店の電話 0000-00-0000",
    }
    if number % 3:
        answers |= {
            "review.relation": luck.randrange(5, 10),
            "review.product": luck.randrange(5, 10),
            "ywt.found": "話を聞く時間が、いちばん喜ばれた。",
        }
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # the code is made by chance; here it shall be the same for the same seed
    answers["handin.code"] = "".join(luck.choice(letters) for _ in range(8))
    with book.aside() as session:
        session.add_all(Answer(key=key, value=value) for key, value in answers.items())


def _voices(book: Workbook, luck: random.Random, customers: list[Customer]) -> None:
    rows = []
    for at, one in enumerate(customers):
        other = customers[at - 1]
        wish = luck.choice(luck.choice(list(WISHES.values()))).format(medium=luck.choice(SAID_MEDIA))
        tells = luck.choice((
            f"{other.family}さんに教わって来ました。",
            f"{other.family}{other.given}様のご紹介です。",
            f"{FAMILIES[other.family]}さんと同じ日に伺っています。",
            f"{other.katakana}さんのお宅の近くです。",
            f"連絡は{one.phone}か{one.mail}へお願いします。",
            f"電話は{one.phone.replace('-', '')}です。",
            "いつもありがとうございます。",
        ))  # fmt: skip
        rows.append([_named(at, one), f"店主さんが覚えていてくれたとき。{tells}", wish, "小さなお茶の会があれば行ってみたいです。"])
    asked = [
        (Topic.SCENE, "来てよかったと思うのは、どんなときですか"),
        (Topic.FOLLOWUP, "どんな手助けがあるとうれしいですか"),
        (Topic.PLACE, "どんな場があるとうれしいですか"),
    ]
    _bring(book, f"{customers[0].family}さんたちの声.csv", asked, rows)


def _feedback(book: Workbook, luck: random.Random, customers: list[Customer]) -> None:
    rows = [[_named(at, one), f"{luck.choice(FEELINGS)}{one.family}より。"] for at, one in enumerate(customers[:3])]
    _bring(book, "感想.csv", [(Topic.GOOD, "よかったことは何ですか")], rows, Part.FOLLOWUP)


def _bring(book: Workbook, name: str, asked: list[tuple[Topic, str]], rows: list[list[str]], feedback: Part | None = None) -> None:
    lines = [["お名前", *(question for _, question in asked)], *rows]
    table = read_file(name, "\n".join(",".join(line) for line in lines).encode())
    roles = [(Role.PERSON, Topic.OTHER), *((Role.VOICE, topic) for topic, _ in asked)]
    columns = [Column(at, header, *roles[at], samples=(), filled=0, why="") for at, header in enumerate(lines[0])]
    bring_in(book, table, columns, feedback=feedback)


def _named(at: int, one: Customer) -> str:
    return f"{one.family} {one.given}" if at % 2 else f"{one.family}{one.given}"


def _go_on(session: Session, luck: random.Random, customers: list[Customer], depth: int) -> None:
    people = list(session.scalars(select(Person).order_by(Person.id)))
    quotes = list(
        session.scalars(select(Quote).join(Voice).where(Voice.topic == Topic.FOLLOWUP, Voice.step == Step.RESEARCH).order_by(Quote.id))
    )
    for person, one in zip(people, customers, strict=True):
        _know(session, person, one)
    if depth < 2:
        return
    by_wish: dict[str, list[Quote]] = {}
    for quote in quotes:
        by_wish.setdefault(_theme_of(quote.text), []).append(quote)
    plan = Plan(part=Part.FOLLOWUP, starts_on=TODAY - timedelta(days=20))
    session.add(plan)
    session.flush()
    actions = []
    for at, (name, found) in enumerate(by_wish.items()):
        theme = Theme(part=Part.FOLLOWUP, name=name, named_by="person", note=f"{customers[0].family}さんの声から")
        session.add(theme)
        session.flush()
        session.add_all(Placement(quote_id=quote.id, theme_id=theme.id, by="person", rank=rank) for rank, quote in enumerate(found))
        if depth < 3:
            continue
        first = customers[at]
        action = Action(
            plan_id=plan.id,
            theme_id=theme.id,
            title=f"{first.family}さんのように待つ方へ、その日のうちに知らせる",
            relation="名前で呼び合える間がらになる",
            content=f"{first.family}{first.given}様には電話（{first.phone}）で、ほかの方にははがきで知らせる。",
            medium=MEDIA[at % len(MEDIA)],
            minutes=20,
            due_on=TODAY + timedelta(days=at * 20 - 10),
            decided=True,
            done_on=TODAY if at == 0 and depth >= 5 else None,
        )
        session.add(action)
        session.flush()
        session.add_all(Evidence(action_id=action.id, quote_id=quote.id) for quote in found)
        actions.append(action)
    session.add(
        Idea(part=Part.FOLLOWUP, text=f"{customers[1].family}さんと相談して、朝市に出る", question="朝、出かけることはありますか。")
    )
    if depth >= 4:
        _offers(session, people, customers, actions, quotes)


def _know(session: Session, person: Person, one: Customer) -> None:
    person.note = f"{one.family}さん。電話 {one.phone}、メール {one.mail}。甘いものが好き。"
    person.met, person.met_note = "friend", f"{one.kana}さんのお母さまの紹介"
    person.about = {"ふりがな": one.kana, "電話": one.phone}
    session.add_all([
        Closeness(person_id=person.id, level=2, evidence=f"{one.given}さんから、お土産をいただいた", noted_on=TODAY - timedelta(days=9)),
        Contact(person_id=person.id, medium="line", wish="yes", asked_on=TODAY, method="talk", wording=f"{one.family}さんにうかがった"),
        Touch(person_id=person.id, on=TODAY - timedelta(days=3), kind="thanked", medium="phone", note=f"{one.family}様へお礼（{one.phone}）"),
    ])  # fmt: skip


def _offers(session: Session, people: list[Person], customers: list[Customer], actions: list[Action], quotes: list[Quote]) -> None:
    offer = Offer(part=Part.FOLLOWUP, action_id=actions[0].id, name="できたらすぐの、ひとこと便り", gain_them="待つあいだも安心できます。",
                  gain_me=f"{customers[0].family}さんの顔がうかぶ", family_who="妻", family_reason="よいと思う")  # fmt: skip
    improvement = Improvement(part=Part.FOLLOWUP, action_id=actions[0].id, verdict="change", title="知らせを夕方までに送る",
                              content=f"{customers[0].family}様のご意見で早めた", decided_on=TODAY)  # fmt: skip
    session.add_all([offer, improvement])
    session.flush()
    session.add(ImprovementEvidence(improvement_id=improvement.id, quote_id=quotes[0].id))
    session.add(FanMark(person_id=people[0].id, quote_id=quotes[0].id, marked_on=TODAY))
    for at, person in enumerate(people[:4]):
        session.add(Invitation(offer_id=offer.id, person_id=person.id, medium="line", asked_on=TODAY, used_on=TODAY if at < 2 else None))
    consent = Consent(person_id=people[0].id, version="1", text=f"{customers[0].family}{customers[0].given} 様のお許し", scopes=["shop"],
                      name_style="real", shown_name=f"{customers[0].family} {customers[0].given}", method="paper", obtained_on=TODAY)  # fmt: skip
    letter = Draft(part=Part.FOLLOWUP, kind="invitation", form="line", title=f"{customers[0].family}様へ", person_id=people[0].id)
    session.add_all([consent, letter])
    session.flush()
    session.add(ConsentVoice(consent_id=consent.id, voice_id=quotes[0].voice_id))
    session.add(
        Piece(draft_id=letter.id, position=1, role="opening", text=f"{customers[0].family}様、ご用意ができました。{customers[0].mail}")
    )


def _theme_of(words: str) -> str:
    return next((name for name, told in WISHES.items() if any(words.startswith(one.split("{")[0][:8]) for one in told)), "そのほかの望み")
