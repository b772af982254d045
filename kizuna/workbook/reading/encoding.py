"""Bytes to text, strictly: a file is read whole in one encoding, or the line that breaks it is named."""

from __future__ import annotations

import codecs
import re

from kizuna.errors import KizunaError

_LINES = re.compile(rb"\r\n|\r|\n")
_NOT_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_JAPANESE = re.compile("[ぁ-ヿ一-鿿！-～\U0001f000-\U0001faff]")
_HALF_KANA = re.compile("[｡-ﾟ]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode(name: str, data: bytes) -> tuple[str, str | None]:
    """The text of ``data`` and, when it is not UTF-8, a note that names the encoding.

    Raises ``KizunaError`` naming the file when it is no text, and the line when that line is in another encoding than the rest.
    """
    text, encoding = _text(name, data)
    text = text.rstrip("\x1a")
    odd = len(_CONTROL.findall(text))
    if "\0" in text or odd > max(3, len(text) // 50):
        raise _binary(name)
    return text, f"文字コードは {encoding}でした。" if encoding else None


def _text(name: str, data: bytes) -> tuple[str, str | None]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _try(data, "utf-16")
        if text is None:
            raise _binary(name)
        return text.removeprefix("\ufeff"), "UTF-16（Unicode テキスト）"
    if b"\0" in data:
        raise _binary(name)
    if b"\x1b$" in data and (text := _try(data, "iso2022_jp")) is not None:
        return text, "JIS（ISO-2022-JP）"
    if (text := _try(data, "utf-8-sig")) is not None:
        return text, None
    mixed = _mixed_line(name, data)
    text = _try(data, "cp932")
    euc = _try(data, "euc_jp")
    if euc is not None and (text is None or _mostly_half_kana(text)) and _JAPANESE.search(euc):
        return euc, "EUC-JP "
    if mixed is not None or text is None:
        raise KizunaError(
            f"「{name}」の {mixed or 1} 行目の文字が読めません。UTF-8 と Shift_JIS がまざっているようです。"
            "Excel で開いて文字を確かめ、「CSV UTF-8（コンマ区切り）」で保存し直してください。"
        )
    return text, "Shift_JIS（cp932）"


def _try(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return None if codec == "cp932" and _NOT_CP932.search(text) else text


def _mixed_line(name: str, data: bytes) -> int | None:
    """The first line that is not in the encoding of most lines; an error when most lines are no text at all."""
    utf8: list[int] = []
    sjis: list[int] = []
    neither: list[int] = []
    for number, line in enumerate(_LINES.split(data.removeprefix(codecs.BOM_UTF8)), 1):
        if line.isascii():
            continue
        text = _try(line, "utf-8")
        if text is not None and _JAPANESE.search(text):
            utf8.append(number)
        elif _try(line, "cp932") is not None:
            sjis.append(number)
        else:
            (neither if text is None else utf8).append(number)
    if neither:
        if len(neither) > len(utf8) + len(sjis) and _try(data, "euc_jp") is None:
            raise _binary(name)
        return neither[0]
    return min(sjis, utf8, key=len)[0] if utf8 and sjis else None


def _mostly_half_kana(text: str) -> bool:
    """Whether ``text`` looks like EUC-JP bytes misread as Shift_JIS."""
    beyond_ascii = sum(not char.isascii() for char in text)
    return len(_HALF_KANA.findall(text)) > beyond_ascii * 0.4


def _binary(name: str) -> KizunaError:
    return KizunaError(
        f"「{name}」の中身は文字として読めません。アンケートの回答を Excel（.xlsx）か CSV で保存し直して、そのファイルを選んでください。"
    )
