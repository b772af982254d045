"""A LINE talk saved as text: who said what, when, in the shapes that iOS, Android and the PC version write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.errors import KizunaError
from kizuna.workbook.reading.cell import clean
from kizuna.workbook.reading.dates import read_date
from kizuna.workbook.reading.speakers import find_speakers
from kizuna.workbook.reading.table import MOST_ROWS, Row, too_many_rows

HEADER = ("日時", "お名前", "言葉")
LONGEST_QUOTE = 300

_WEEKDAY = r"(?:[月火水木金土日]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
_DAY = re.compile(
    rf"(?P<day>\d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日)\s*(?:[(（]{_WEEKDAY}[)）]|{_WEEKDAY}(?:曜日)?)|"
    rf"{_WEEKDAY},\s*(?P<us>\d{{1,2}}/\d{{1,2}}/\d{{4}})",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?P<clock>(?:(?:午前|午後)\s?)?(?:[01]?\d|2[0-3]):[0-5]\d(?:\s?[AP]M)?)(?P<gap>[\t ])(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_TITLE = re.compile(r"\[LINE\]\s*(?:Chat history (?:with|in)\s+)?(?P<who>.*?)(?:とのトーク履歴|のトーク履歴|とのトーク)?\s*$")
_SAVED = re.compile(r"(?:保存日時|Saved on)\s*[:：].*")

_PICTURE = "写真|スタンプ|動画|ファイル|アルバム|ノート|連絡先|位置情報|ボイスメッセージ|投票|イベント|プレゼント|コイン"
_PLACEHOLDER = re.compile(
    rf"\[(?:{_PICTURE}|Photo|Sticker|Video|File|Album|Note|Contact|Location|Voice message|Poll)\]|"
    r"\[(?:アルバム|ノート|投票|イベント)\].*|☎.*"
)
_UNSENT = re.compile(r"(?:.{1,40}が)?メッセージの送信を取り消しました。?|.{1,40}(?:unsent a message\.?)")
_NOTICE = re.compile(
    r".*(?:参加しました|退出しました|退会しました|招待しました|退会させました|変更しました|作成しました|投稿しました|削除しました|"
    r"送信しました|追加しました|アナウンスしました|取り消しました|設定しました|登録しました|通話を開始しました|通話が終了しました|不在着信)。?"
)


@dataclass(frozen=True)
class Talk:
    """The messages of a talk as rows of ``HEADER``, its speakers by how much they spoke, and how many notices were left out."""

    rows: tuple[Row, ...]
    people: tuple[str, ...]
    left_out: int


@dataclass(frozen=True)
class Spoken:
    """Who spoke when in a talk and nothing of what was said, in the order of the file; its speakers by how much they spoke.

    A sticker or a picture is spoken too; a call, a notice (she joined, she left) and a message that was taken back are not: ``left_out`` counts them.
    """

    name: str
    sha256: str
    times: tuple[tuple[datetime, str], ...]
    people: tuple[str, ...]
    left_out: int


@dataclass
class _Line:
    number: int
    at: datetime | None
    rest: str
    tabbed: bool
    more: list[str]


def is_talk(text: str) -> bool:
    """Whether ``text`` is a saved LINE talk: its first line says so, or it has date lines or tabs with messages below."""
    lines = [line for line in text.lstrip("\ufeff").splitlines()[:400] if line.strip()]
    if not lines:
        return False
    if lines[0].startswith("[LINE]"):
        return True
    said = [match for line in lines if (match := _SAID.fullmatch(line))]
    dated = any(_DAY.fullmatch(line.strip()) for line in lines)
    tabbed = sum(match["gap"] == "\t" and match["rest"].count("\t") == 1 for match in said)
    return (dated and len(said) > 0) or (tabbed >= 2 and tabbed * 2 >= len(lines))


def read_talk(name: str, text: str) -> Talk:
    """The talk in ``text``; raises ``KizunaError`` naming the file when no message is found, or too many."""
    said, speakers = _read(text)
    rows: list[Row] = []
    left_out = 0
    for line in said:
        person, words = _split(line, speakers)
        message = clean(words)
        silent = message is None or _is_placeholder(message, line.tabbed)
        if person is None or silent:
            left_out += 1
        else:
            rows.append(Row(line.number, (line.at, person, message)))
    if not rows:
        raise KizunaError(
            f"「{name}」は LINE のトークのようですが、文字のメッセージが見つかりません。LINE の「トーク履歴を送信」で書き出してください。"
        )
    if len(rows) > MOST_ROWS:
        raise too_many_rows(name)
    counted = Counter(str(row.cells[1]) for row in rows)
    return Talk(tuple(rows), tuple(person for person, _ in counted.most_common()), left_out)


def read_spoken(name: str, sha256: str, text: str) -> Spoken:
    """Who spoke when in the talk ``text``; raises ``KizunaError`` naming the file when nobody did."""
    said, speakers = _read(text)
    times: list[tuple[datetime, str]] = []
    for line in said:
        person, words = _split(line, speakers)
        noticed = not line.tabbed and person not in speakers and _NOTICE.fullmatch(line.rest) is not None
        silent = noticed or clean(words) is None or words.startswith("☎") or _UNSENT.fullmatch(words) is not None
        if person is not None and line.at is not None and not silent:
            times.append((line.at, person))
    if not times:
        raise KizunaError(
            f"「{name}」から、だれがいつ話したかを読めませんでした。集まりのグループの「トーク履歴を送信」で書き出したファイルを選んでください。"
        )
    counted = Counter(person for _, person in times)
    return Spoken(name, sha256, tuple(times), tuple(person for person, _ in counted.most_common()), len(said) - len(times))


def _read(text: str) -> tuple[list[_Line], tuple[str, ...]]:
    """The lines of a talk that begin with a time, and the names of those who speak where no tab tells them."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said = list(_said(lines))
    spaced = [line.rest for line in said if not line.tabbed]
    return said, find_speakers([rest for rest in spaced if not _NOTICE.fullmatch(rest) and not _UNSENT.fullmatch(rest)], _partner(lines))


def _said(lines: Sequence[str]) -> Iterator[_Line]:
    """Each line that begins with a time, with the date above it and the lines that go on from it."""
    day = ""
    current: _Line | None = None
    at = 0
    gaps = "\t" if any(match["gap"] == "\t" for line in lines if (match := _SAID.fullmatch(line))) else " "
    while at < len(lines):
        line = lines[at]
        at += 1
        if (new_day := _day(line)) is not None:
            day = new_day
        elif (match := _SAID.fullmatch(line)) and match["gap"] == gaps:
            if current is not None:
                yield current
            current = _Line(at, _moment(day, match["clock"]), match["rest"], match["gap"] == "\t", [])
            closing = _closing(lines, at, current)
            current.more, at = list(lines[at:closing]), max(at, closing)
        elif current is not None and not _SAVED.fullmatch(line):
            current.more.append(line)
        if new_day is not None and current is not None:
            yield current
            current = None
    if current is not None:
        yield current


def _closing(lines: Sequence[str], at: int, line: _Line) -> int:
    """The place after the line that closes the quotes ``line`` opened; ``at`` itself when it opened none."""
    opening = re.search(r'[\t ]"', line.rest)
    if opening is None or line.rest[opening.end() - 1 :].count('"') % 2 == 0:
        return at
    for end in range(at, min(at + LONGEST_QUOTE, len(lines))):
        if _day(lines[end]) is not None or (line.tabbed and (found := _SAID.fullmatch(lines[end])) and found["rest"].count("\t")):
            return at
        if lines[end].count('"') % 2:
            return end + 1 if lines[end].rstrip().endswith('"') else at
    return at


def _split(line: _Line, speakers: Sequence[str]) -> tuple[str | None, str]:
    """Who spoke in ``line`` and the words; ``None`` for a notice that nobody spoke."""
    if line.tabbed:
        person, tab, words = line.rest.partition("\t")
        person = person.strip()
        if not tab or not person:
            return None, line.rest
    else:
        known = next((one for one in speakers if line.rest == one or line.rest.startswith(one + " ")), None)
        first, space, _ = line.rest.partition(" ")
        if known is None and space and not any(one.split(" ")[0] == first for one in speakers):
            known = first
        if known is None or not space or _UNSENT.fullmatch(line.rest):
            return None, line.rest
        person, words = known, line.rest[len(known) :].lstrip(" ")
    whole = "\n".join([words, *line.more]).rstrip()
    if "\n" in whole and whole.startswith('"') and whole.endswith('"') and len(whole) > 1:
        whole = whole[1:-1].replace('""', '"')
    return person, whole


def _is_placeholder(message: str, tabbed: bool) -> bool:
    """Whether ``message`` stands for a picture, a sticker, a call or a message taken back."""
    return bool(_PLACEHOLDER.fullmatch(message) or _UNSENT.fullmatch(message)) or (not tabbed and message in ("写真", "スタンプ", "動画"))


def _day(line: str) -> str | None:
    match = _DAY.fullmatch(line.strip())
    if match is None:
        return None
    day = match["day"] or match["us"]
    try:
        read_date(day)
    except ValueError:
        return None
    return day


def _moment(day: str, clock: str) -> datetime | None:
    if not day:
        return None
    try:
        moment = read_date(f"{day} {clock}")
    except ValueError:
        return None
    return moment if isinstance(moment, datetime) else None


def _partner(lines: Sequence[str]) -> tuple[str, ...]:
    """The name in the first line (``[LINE] 山田さんとのトーク履歴``), with and without さん."""
    first = next((line for line in lines if line.strip()), "")
    match = _TITLE.fullmatch(first.strip())
    who = match["who"].strip() if match else ""
    return tuple(dict.fromkeys(name for name in (who, who.removesuffix("さん")) if name))
