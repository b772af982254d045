"""From the bytes of a file, or pasted text, to a table."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace

from kizuna.errors import KizunaError
from kizuna.workbook.reading.cell import clean
from kizuna.workbook.reading.disguise import is_packed, refuse_disguise
from kizuna.workbook.reading.encoding import decode
from kizuna.workbook.reading.excel import read_excel
from kizuna.workbook.reading.header import ONE_COLUMN, Headed, nothing_in, split_header
from kizuna.workbook.reading.separated import find_delimiter, read_separated
from kizuna.workbook.reading.table import MOST_BYTES, MOST_ROWS, Problem, Row, Table, too_many_rows
from kizuna.workbook.reading.talk import HEADER, Spoken, is_talk, read_spoken, read_talk

PASTED = "貼り付けた文章"


def read_file(name: str, data: bytes, sheet: str | None = None) -> Table:
    """The table in ``data``, an Excel book, CSV, LINE talk or plain text: what it is is told by its content, then by ``name``.

    Raises ``KizunaError`` naming the file, and the row where there is one, with what to do about it.
    """
    name = _checked(name, data)
    sha256 = hashlib.sha256(data).hexdigest()
    if is_packed(data):
        return _excel(name, data, sha256, sheet)
    text, encoding = decode(name, data)
    if not text.strip():
        raise nothing_in(name)
    table = _talk(name, text, sha256) if is_talk(text) else _text(name, text, sha256)
    notes = [f"名前は Excel（.xlsx）ですが、中身は文字（{table.kind}）でした。"] if name.lower().endswith((".xlsx", ".xlsm")) else []
    return replace(table, notes=(*([encoding] if encoding else []), *notes, *table.notes))


def read_pasted(text: str) -> Table:
    """The table in pasted ``text``: a LINE talk when it looks like one, otherwise one answer a line; raises ``KizunaError``."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").lstrip("\ufeff")
    if len(whole) > MOST_BYTES // 4:
        raise KizunaError(f"{PASTED}が長すぎます。何回かに分けて貼り付けてください。")
    sha256 = hashlib.sha256(whole.encode("utf-8")).hexdigest()
    if is_talk(whole):
        return _talk(PASTED, whole, sha256)
    rows = _lines(PASTED, whole)
    if not rows:
        raise KizunaError("貼り付けた文章に文字が入っていません。お客さまの言葉を、1行に一つずつ貼り付けてください。")
    return Table(PASTED, sha256, "text", (), None, (ONE_COLUMN,), tuple(rows), ("1行を一つの声として読みました。",))


def read_talk_times(name: str, data: bytes) -> Spoken:
    """Who spoke when in a saved LINE talk; raises ``KizunaError`` naming the file where it is none, with what to do about it."""
    name = _checked(name, data)
    text = "" if is_packed(data) else decode(name, data)[0]
    if not is_talk(text):
        raise KizunaError(
            f"「{name}」は、LINE のトーク履歴ではないようです。集まりのグループの設定にある「トーク履歴を送信」で書き出したファイルを選んでください。"
        )
    return read_spoken(name, hashlib.sha256(data).hexdigest(), text)


def _checked(name: str, data: bytes) -> str:
    """The file's name without folders; raises ``KizunaError`` where it is empty, too large, or not what its name says."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1]) or "名前のないファイル"
    if not data:
        raise KizunaError(f"「{name}」は空のファイルです。回答の入ったファイルを選んでください。")
    if len(data) > MOST_BYTES:
        raise KizunaError(
            f"「{name}」は {MOST_BYTES // 1024 // 1024} MB を超えています。画像を消すか期間で区切って、小さくしてから選んでください。"
        )
    refuse_disguise(name, data)
    return name


def _excel(name: str, data: bytes, sha256: str, wanted: str | None) -> Table:
    sheet = read_excel(name, data, wanted)
    try:
        headed = split_header(name, sheet.rows, ragged=False)
    except KizunaError as error:
        if not sheet.problems:
            raise
        first = sheet.problems[0]
        raise KizunaError(f"「{name}」には読める回答がありません。{Problem(first.row, '', first.value, first.why)}") from error
    titles = dict(zip(map(str, headed.columns), headed.header, strict=True))
    hidden = tuple(replace(one, column=titles.get(one.column, "")) for one in sheet.problems if one.row > headed.line)
    notes = [f"シート「{sheet.title}」を読みました。ほかに {len(sheet.sheets) - 1} 枚のシートがあります。"] if len(sheet.sheets) > 1 else []
    if not name.lower().endswith((".xlsx", ".xlsm", ".xltx", ".xltm")):
        notes.append("中身は Excel でしたので、Excel として読みました。")
    return _table(name, sha256, "excel", headed, sheet.sheets, sheet.title, (*notes, *headed.notes), hidden)


def _text(name: str, text: str, sha256: str) -> Table:
    plain = name.lower().endswith((".txt", ".text", ".md"))
    if plain and find_delimiter(name, text.splitlines(keepends=True)) is None:
        return _table(name, sha256, "text", split_header(name, _lines(name, text), ragged=True))
    rows, broken = read_separated(name, text)
    if broken and len(rows) < 2:
        raise KizunaError(f"「{name}」は表として読めません。{broken[0]}Excel で開いて確かめ、.xlsx で保存し直してください。")
    return _table(name, sha256, "csv", split_header(name, rows, ragged=True), problems=tuple(broken))


def _talk(name: str, text: str, sha256: str) -> Table:
    talk = read_talk(name, text)
    notes = ["LINE のトークとして読みました。"]
    if talk.left_out:
        notes.append(f"写真・スタンプ・通話・参加や退出などのお知らせ {talk.left_out} 件は、声ではないので除きました。")
    return Table(name, sha256, "line", (), None, HEADER, talk.rows, tuple(notes), talk.people)


def _lines(name: str, text: str) -> list[Row]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = [Row(number, (words,)) for number, line in enumerate(lines, 1) if (words := clean(line)) is not None]
    if len(rows) > MOST_ROWS:
        raise too_many_rows(name)
    return rows


def _table(
    name: str,
    sha256: str,
    kind: str,
    headed: Headed,
    sheets: tuple[str, ...] = (),
    sheet: str | None = None,
    notes: tuple[str, ...] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Table:
    if len(headed.rows) > MOST_ROWS:
        raise too_many_rows(name)
    every = tuple(sorted((*problems, *headed.problems), key=lambda problem: problem.row))
    return Table(name, sha256, kind, sheets, sheet, headed.header, headed.rows, notes or headed.notes, problems=every)
