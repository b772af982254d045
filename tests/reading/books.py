"""Small Excel books for the tests, made in memory."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"

FORM_HEADER = (
    "タイムスタンプ",
    "お名前（ニックネーム可）",
    "ご年代",
    "よく見るSNSやメディアを教えてください（複数選択可）",
    "商品を使っていて、うれしかった場面・困った場面を教えてください。",
    "ご購入後、どんなサポートやフォローがあったらうれしいですか？",
    "使う人どうし、ほかのお客さまと話せる場があったら、どんな場がよいですか？",
    "なぜ当店を選んでくださったのですか？",
    "満足度（1〜5）",
    "メールアドレス",
    "いただいた言葉をお店のホームページに掲載してもよいですか？",
)


def book(rows: Iterable[Iterable[Any]], title: str = "フォームの回答 1", **others: Iterable[Iterable[Any]]) -> bytes:
    """The bytes of an .xlsx with ``rows`` in the first sheet and further sheets by name."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, lines in {title: rows, **others}.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    return packed(made)


def packed(made: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def rewritten(data: bytes, member: str, change: Callable[[str], str]) -> bytes:
    """``data`` with the text of one member of the zip changed, as other programs than openpyxl would have written it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode("utf-8")).encode("utf-8") if name == member else content)
    return buffer.getvalue()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def shared(data: bytes) -> bytes:
    """``data`` with its words in a table of shared strings, as Excel itself saves them."""
    words: list[str] = []

    def moved(found: re.Match[str]) -> str:
        words.append(found[2])
        return f'<c r="{found[1]}" t="s"><v>{len(words) - 1}</v></c>'

    data = rewritten(data, SHEET, lambda xml: re.sub(r'<c r="(\w+)" t="inlineStr"><is>(.*?)</is></c>', moved, xml, flags=re.DOTALL))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    data = rewritten(
        data, "[Content_Types].xml", lambda xml: xml.replace("</Types>", f'<Override PartName="/{STRINGS}" ContentType="{kind}" /></Types>')
    )
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as book:
        namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        book.writestr(STRINGS, f"<sst {namespace}>{''.join(f'<si>{word}</si>' for word in words)}</sst>".encode())
    return buffer.getvalue()
