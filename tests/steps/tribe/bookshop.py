"""The bookshop's place as its owner might design it from the sixteen voices; tests use it, and it shows what the page is to carry."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from kizuna.steps import consents, people, roster
from kizuna.steps.tribe import design
from kizuna.workbook.models import Person, Quote
from kizuna.workbook.store import Workbook

FANS = ("ミナトさん", "くじら雲", "元図書委員")  # はるぱん is one in the example already

CHOICES: list[tuple[str, str, dict[str, Any], list[str]]] = [
    (
        "purpose", "本の話をする相手が近くにいない人どうしが、気楽に出会えるように。", {},
        ["お茶を飲みながら", "わからない。将棋", "うちではこれが"],
    ),
    (
        "who", "本が好きな方なら、どなたでも。詳しくなくても、店に来られなくても、ご近所の方でも。", {},
        ["海上がりに", "紙の回覧", "うちのだんご"],
    ),
    ("values", "かしこまらないこと。話しても、聞くだけでも、同じ仲間であること。", {}, ["立ち話くらい", "声に出して読むのを", "既読つける"]),
    ("name", "しおかぜ立ち話", {}, ["立ち話くらい"]),
    ("first", "お茶を一杯わたして、いま手もとにある本を一冊だけ見せてもらう。話さなくてもよいと、先に伝える。", {"minutes": 15}, ["お茶を飲みながら", "声に出して読むのを"]),
    ("regular", "店の奥で、お茶を飲みながら、昔読んだ本の話をする。", {"often": "月に一度、木曜の夕方", "minutes": 45}, ["お茶を飲みながら", "立ち話くらい", "海上がりに"]),
    ("regular", "同じ本をひと月かけて読み、感想を紙で回す。", {"often": "月に一冊", "minutes": 20}, ["オンラインで", "紙の回覧", "文通のような"]),
    ("share", "好きな一文を書いたふせんを、店の奥の板に貼る。名前はなくてもよい。", {}, ["好きな一文を"]),
    ("share", "子どもといっしょに読んで、当たりだった本と、失敗した話。", {}, ["うちではこれが", "読み聞かせの", "おやも絵本以外"]),
    ("roles", "声に出して読む係。読みたい方が、順にかわるがわる。", {"often": "月に一度"}, ["声に出して読むのを"]),
    ("rules", "話すことを、だれにもすすめない。聞くだけの日があってよい。", {}, ["声に出して読むのを", "顔を合わせるのが"]),
    ("joining", "来てみたい日に、のぞいてみる。遠くの方は、はがきで知らせてくださればよい。", {}, ["海上がりに", "紙の回覧"]),
    ("leaving", "何も言わずに休んでよい。また来たくなったら、そのまま来てよい。", {}, ["既読つける"]),
    ("where", "店の奥の机。天気のよい日は、となりの店の縁台。", {}, ["うちのだんご", "立ち話くらい"]),
    ("where", "来られない方とは、紙の回覧とはがきで。", {}, ["紙の回覧", "文通のような"]),
    ("shy", "感想を紙に書いて箱に入れておくと、次の集まりで読まれる。", {"minutes": 20}, ["顔を合わせるのが", "文通のような", "オンラインで"]),
    ("shy", "ふせんに丸を一つ。読みましたのしるしだけでも、仲間。", {}, ["既読つける", "好きな一文を"]),
    ("cost", "お茶とだんごの分を、来た方で等分する。", {"yen": 200}, ["お茶を飲みながら", "うちのだんご"]),
]  # fmt: skip

ALLOWED = {  # who lets her words stand on paper, how she is shown, and whether they may be shortened
    "灯台のよし子": ("nickname", "灯台のよし子"),
    "くじら雲": ("nickname", "くじら雲"),
    "すみれ堂のおばちゃん": ("anonymous", "となりの店の方"),
    "波待ち": ("nickname", "波待ち"),
    "文庫一冊": ("anonymous", ""),
}


def fans(book: Workbook) -> None:
    """Let four people be fans by their own words, so that the gate is open."""
    with book.reading() as session:
        ids = {one.name: one.id for one in session.scalars(select(Person))}
    for name in FANS:
        mine = people.quotes_of(book, ids[name])
        roster.mark_fan(book, ids[name], next(one.id for one in mine if "なぜ" in one.question))


def furnish(book: Workbook, today: date) -> None:
    """Design the place to its end, and note the consents."""
    fans(book)
    with book.reading() as session:
        said = [one for one in session.scalars(select(Quote).order_by(Quote.id)) if one.voice.part == "tribe" and one.laid]
    for key, text, fields, begins in CHOICES:
        one = design.begin(book, key, [next(each.id for each in said if each.text.startswith(start)) for start in begins])
        design.edit(book, one, text=text, **fields)
        design.decide(book, one)
    for name, (style, shown) in ALLOWED.items():
        voice = next(one.voice for one in said if one.voice.person.name == name)
        consents.record(book, voice.person_id, [voice.id], consents.Agreed(design.SCOPES[:1], style, shown, edit="shorten"), today)
