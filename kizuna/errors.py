"""The one kind of error that a person may see: a sentence in Japanese that says what, where and how to mend it."""


class KizunaError(Exception):
    """Something a person can mend; ``str()`` is one clear Japanese sentence that may be shown as it is."""
