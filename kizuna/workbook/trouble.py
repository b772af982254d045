"""What SQLite or the file system says, in one sentence for a person."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DatabaseError, StatementError

from kizuna.errors import KizunaError


@contextlib.contextmanager
def told(path: Path | str) -> Iterator[None]:
    """Turn what the file system or SQLite says into one sentence for a person."""
    try:
        yield
    except DatabaseError as error:
        raise clear(error.orig if isinstance(error.orig, Exception) else error, path) from error
    except sqlite3.Error as error:
        raise clear(error, path) from error
    except (UnicodeEncodeError, StatementError) as error:
        if isinstance(error, StatementError) and not isinstance(error.orig, UnicodeEncodeError):
            raise
        raise KizunaError(
            "こわれた文字（半分だけの絵文字など）が入っているため、保存できませんでした。その文字を消して、もう一度書いてください。"
        ) from error
    except OSError as error:
        raise clear(error, path) from error


def clear(error: Exception, path: Path | str) -> KizunaError:
    """What ``error`` means for whoever wants the file at ``path``."""
    said = str(error).lower()
    name = Path(path).name
    if "full" in said or getattr(error, "errno", None) == 28:
        return KizunaError(
            "パソコンの空き容量が足りないため、保存できませんでした。いらないファイルを消して空きを作り、もう一度ためしてください。"
        )
    if "readonly" in said or isinstance(error, PermissionError) or (isinstance(path, Path) and not os.access(path.parent, os.W_OK)):
        return KizunaError(
            f"「{name}」に書き込めないため、保存できませんでした。書き込みのできるフォルダーに移すか、「読み取り専用」を外してください。"
        )
    if "locked" in said or "busy" in said:
        return KizunaError(f"ほかのプログラムが「{name}」を使っているため、まだ保存していません。少し待って、もう一度ためしてください。")
    if any(sign in said for sign in ("malformed", "not a database", "could not decode")):
        return KizunaError(f"「{name}」がこわれているようです。控えのファイルを開いてください。")
    return KizunaError(
        f"「{name}」を読み書きできませんでした（{' '.join(str(error).split())[:200]}）。フォルダーがあるか、USBメモリーが外れていないか、確かめてください。"
    )
