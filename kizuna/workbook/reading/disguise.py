"""Files that are not what their name says, each refused with the one sentence that helps."""

from __future__ import annotations

import io
import zipfile

from kizuna.errors import KizunaError

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
MOST_UNPACKED = 300 * 1024 * 1024

_AS_BOOK = "Excel の「名前を付けて保存」→「Excel ブック（.xlsx）」で保存し直してください。"
_SAVE_AS = "Excel かスプレッドシートで開き、Excel ブック（.xlsx）か CSV で保存し直してください。"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        f"は、パスワードがかかっているか、古い形式（.xls）です。パスワードを外し、{_AS_BOOK}",
    ),
    (b"%PDF", "の中身は PDF です。もとの回答を、Excel ブック（.xlsx）か CSV で書き出してください。"),
    (b"\x89PNG", "の中身は画像です。書かれている言葉を、貼り付けるか Excel に打ち込んでください。"),
    (b"\xff\xd8\xff", "の中身は画像です。書かれている言葉を、貼り付けるか Excel に打ち込んでください。"),
    (b"GIF8", "の中身は画像です。書かれている言葉を、貼り付けるか Excel に打ち込んでください。"),
    (b"{\\rtf", "の中身はリッチテキスト（.rtf）です。文章をコピーして、そのまま貼り付けてください。"),
    (b"SQLite format 3\0", "は表のファイルではなく、仕事ノートのようなデータベースです。声の入った Excel か CSV を選んでください。"),
    (b"\x1f\x8b", "は圧縮されたファイルです。ダブルクリックで開いて、中のファイルを選んでください。"),
)
_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", f"はバイナリ形式（.xlsb）です。{_SAVE_AS}"),
    ("word/", "の中身は Word の文書です。文章をコピーして貼り付けるか、Excel の表にしてから取り込んでください。"),
    ("ppt/", "の中身は PowerPoint です。文章をコピーして貼り付けるか、Excel の表にしてから取り込んでください。"),
    ("Index/", "の中身は Numbers の書類です。Numbers で「ファイル」→「書き出す」→「Excel」を選んで、.xlsx にしてください。"),
    ("Index.zip", "の中身は Numbers の書類です。Numbers で「ファイル」→「書き出す」→「Excel」を選んで、.xlsx にしてください。"),
    ("content.xml", f"の中身は OpenDocument（.ods など）です。{_SAVE_AS}"),
)


def is_packed(data: bytes) -> bool:
    """Whether ``data`` is a zip, as every .xlsx is."""
    return data.startswith(ZIP)


def refuse_disguise(name: str, data: bytes) -> None:
    """Nothing when ``data`` may be a table; ``KizunaError`` naming the file and what it really is otherwise."""
    if is_packed(data):
        _refuse_zip(name, data)
        return
    for magic, sentence in _MAGIC:
        if data.startswith(magic):
            raise KizunaError(f"「{name}」{sentence}")
    if data[4:8] == b"ftyp" or (data.startswith(b"RIFF") and data[8:12] == b"WEBP") or data[:4] in (b"II*\0", b"MM\0*"):
        raise KizunaError(f"「{name}」の中身は画像か動画です。書かれている言葉を、貼り付けるか Excel に打ち込んでください。")
    start = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<table", b"<?xml")):
        raise KizunaError(f"「{name}」の中身は Web ページ（HTML）です。ログインし直してダウンロードするか、{_AS_BOOK}")


def _refuse_zip(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
    except Exception as error:  # zipfile raises many kinds on broken bytes
        raise KizunaError(
            f"「{name}」はこわれているようで、開けません。もう一度ダウンロードするか、Excel で開いて保存し直してください。"
        ) from error
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise KizunaError(
            f"「{name}」は、広げると大きすぎるため開けません。回答のシートだけを新しい Excel ブックに写して、保存してください。"
        )
    names = [member.filename for member in members]
    for start, sentence in _IN_ZIP:
        if any(inside.startswith(start) for inside in names):
            raise KizunaError(f"「{name}」{sentence}")
    if not any(inside.startswith("xl/") for inside in names):
        raise KizunaError(
            f"「{name}」の中身は Excel ではなく、まとめて圧縮されたファイル（ZIP）です。"
            "ダブルクリックで開いて、中にある CSV か Excel のファイルを選んでください。"
        )
