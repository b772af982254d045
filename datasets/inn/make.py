"""「湯宿 ことり」の声のファイルを、もとのコーパスと SOURCE.csv から作り直す。

    python datasets/inn/make.py --data FOLDER

FOLDER には asdc_wishes.tsv と reviews_hotel.jsonl を置く。
SOURCE.csv が「どの行に、もとのどのことばを置くか」を決め、ことばは一文字も変えない。
"""

import argparse
import csv
import io
import json
import random
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

HERE = Path(__file__).parent

WISH_HEADER = [
    "タイムスタンプ",
    "ニックネーム",
    "泊まるとき、こうしてもらえるとうれしいということがあれば教えてください",
    "ふだんよく見るもの（いくつでも）",
    "ご年代",
]
REVIEW_TITLE = "湯宿 ことり　ご感想ノート"
REVIEW_HEADER = ["No.", "受付日", "お名前", "ご感想"]

# 3回、2回、1回答えてくれた人の数。残りの行は、名前を書かなかった人。
ANSWERS_PER_PERSON = [3] * 8 + [2] * 24 + [1] * 88

AGES = ["20代", "30代", "40代", "50代", "60代", "70代以上"]
MEDIA = {
    "若い": (["LINE", "Instagram", "YouTube", "X", "TikTok"], [9, 8, 6, 4, 2]),
    "中ほど": (
        ["LINE", "Instagram", "YouTube", "ブログ", "Facebook", "メール"],
        [9, 6, 5, 3, 4, 3],
    ),
    "年長": (
        ["LINE", "新聞", "テレビ", "はがき・手紙", "YouTube", "メール"],
        [5, 7, 7, 5, 2, 3],
    ),
}
NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
SURNAMES = "ABEFHIKMNOSTUWY"
GIVEN_NAMES = "AEFHIJKMNRSTUY"
CHILD_WORDS = (
    "子ども",
    "子供",
    "赤ちゃん",
    "ベビー",
    "オムツ",
    "離乳食",
    "男の子",
    "小さい子",
)


def nicknames() -> list[str]:
    """架空のニックネームの並びを返す。"""
    return (HERE / "nicknames.txt").read_text(encoding="utf-8").split()


def sources(name: str) -> list[dict[str, str]]:
    """SOURCE.csv のうち、ファイル name の行を順番どおりに返す。"""
    with (HERE / "SOURCE.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["ファイル"] == name]


def read_wishes(data: Path) -> dict[str, str]:
    """もとの ID から望みのことばを引く表を返す。"""
    with (data / "asdc_wishes.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["id"]: row["text"] for row in rows}


def read_reviews(data: Path) -> dict[str, list[str]]:
    """もとの ID から口コミの文の並びを引く表を返す。"""
    lines = (data / "reviews_hotel.jsonl").read_text(encoding="utf-8").splitlines()
    reviews = map(json.loads, lines)
    return {r["docid"]["id"]: [u["text"] for u in r["utterances"]] for r in reviews}


def pick_age(chance: random.Random, wishes: list[str]) -> str:
    """年代を返す。小さな子の話があれば、若い年代から選ぶ。"""
    has_child = any(word in wish for wish in wishes for word in CHILD_WORDS)
    weights = [3, 8, 5, 0, 0, 0] if has_child else [4, 5, 6, 7, 6, 4]
    return chance.choices(AGES, weights)[0]


def pick_media(chance: random.Random, age: str) -> str:
    """ふだんよく見るものを、区切りの書きぶりもまちまちに返す。"""
    group = "若い" if age in AGES[:2] else "中ほど" if age in AGES[2:4] else "年長"
    names, weights = MEDIA[group]
    count = chance.choices([1, 2, 3], [3, 5, 3])[0]
    chosen = {chance.choices(names, weights)[0] for _ in range(count)}
    separator = chance.choices([", ", "、"], [5, 1])[0]
    return separator.join(name for name in names if name in chosen)


def times(chance: random.Random, count: int) -> list[str]:
    """2026年8月から11月までの回答時刻を、古い順に返す。"""
    start = datetime(2026, 8, 1)
    days = (datetime(2026, 11, 16) - start).days
    moments = [start + timedelta(days=chance.randrange(days), seconds=chance.randrange(7 * 3600, 86340)) for _ in range(count)]
    return [f"{moment:%Y/%m/%d %H:%M:%S}" for moment in sorted(moments)]


def people(chance: random.Random, wishes: list[str]) -> Iterator[tuple[int, str, str, str]]:
    """行の位置と、その行に書くニックネーム・見るもの・年代を返す。"""
    places = list(range(len(wishes)))
    chance.shuffle(places)
    unnamed = len(wishes) - sum(ANSWERS_PER_PERSON)
    names = chance.sample(nicknames(), len(ANSWERS_PER_PERSON)) + [""] * unnamed
    for name, count in zip(names, ANSWERS_PER_PERSON + [1] * unnamed, strict=True):
        mine, places = places[:count], places[count:]
        age = pick_age(chance, [wishes[place] for place in mine])
        media = pick_media(chance, age)
        shown_age = age if chance.random() > 0.06 else ""
        for place in mine:
            yield place, name, media, shown_age


def wish_rows(data: Path) -> list[list[str]]:
    """アンケートの行を返す。"""
    texts = read_wishes(data)
    wishes = [texts[row["もとのID"]] for row in sources("inn_wishes.csv")]
    chance = random.Random("ことりの望み")
    stamps = times(chance, len(wishes))
    by_place = sorted(people(chance, wishes))
    return [[stamps[n], name, wishes[n], media, age] for n, name, media, age in by_place]


def review_rows(data: Path) -> list[list[int | date | str | None]]:
    """ご感想ノートの行を返す。"""
    texts = read_reviews(data)
    chance = random.Random("ことりの感想")
    rows: list[list[int | date | str | None]] = []
    chosen = sources("inn_reviews.xlsx")
    days = sorted(chance.randrange(225) for _ in chosen)
    for number, (row, day) in enumerate(zip(chosen, days, strict=True), 1):
        sentences = texts[row["もとのID"]]
        words = "".join(sentences[int(n) - 1] for n in row["文の番号"].split())
        initials = f"{chance.choice(GIVEN_NAMES)}.{chance.choice(SURNAMES)} さま"
        rows.append(
            [
                number,
                date(2026, 4, 3) + timedelta(days=day),
                initials if chance.random() > 0.15 else None,
                words,
            ]
        )
    return rows


def write_wishes(data: Path, folder: Path) -> None:
    """inn_wishes.csv を書く（cp932、改行は CRLF）。"""
    with (folder / "inn_wishes.csv").open("w", encoding="cp932", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows([WISH_HEADER, *wish_rows(data)])


def write_reviews(data: Path, folder: Path) -> None:
    """inn_reviews.xlsx を書く。何度作っても同じ中身になる。"""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "ご感想"
    sheet["A1"] = REVIEW_TITLE
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([])
    sheet.append(REVIEW_HEADER)
    for row in review_rows(data):
        sheet.append(row)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    for _, received, _, words in sheet.iter_rows(min_row=4):
        received.number_format = "yyyy/mm/dd"
        words.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in zip("ABCD", (6, 12, 12, 90), strict=True):
        sheet.column_dimensions[column].width = width
    memory = io.BytesIO()
    book.save(memory)
    (folder / "inn_reviews.xlsx").write_bytes(without_clock(memory))


def without_clock(memory: io.BytesIO) -> bytes:
    """作った時刻を消した Excel の中身を返す（作り直したとき、同じファイルになるように）。"""
    steady = io.BytesIO()
    with (
        zipfile.ZipFile(memory) as old,
        zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = NO_PROPERTIES
            new.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 0, 0, 0)), content, new.compression)
    return steady.getvalue()


def main() -> None:
    """コマンドラインから二つのファイルを作る。"""
    parser = argparse.ArgumentParser(description="湯宿 ことり の声のファイルを作り直します。")
    parser.add_argument("--data", type=Path, required=True, help="もとのコーパスを置いたフォルダー")
    parser.add_argument("--to", type=Path, default=HERE, help="書き出すフォルダー（書かなければここ）")
    choice = parser.parse_args()
    write_wishes(choice.data, choice.to)
    write_reviews(choice.data, choice.to)


if __name__ == "__main__":
    main()
