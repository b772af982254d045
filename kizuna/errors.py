"""The one kind of error that a person may see: a sentence in Japanese that says what, where and how to mend it."""

import re

# Signs that nobody sees and that turn the order of a line or the colours of a terminal: what was written comes back in the sentence without them.
_TURNING = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")


class KizunaError(Exception):
    """Something a person can mend; ``str()`` is one clear Japanese sentence that may be shown as it is."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(_TURNING.sub("", sentence))
