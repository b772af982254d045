"""Taking a person out of the workbook with every trace of her.

``hers`` tells what in the owner's texts is of her; ``traces`` tells beforehand what goes, and does it.
"""

from kizuna.steps.erasing.traces import Mention, Traces, erase, is_named, records, said, to_take_down, traces
from kizuna.steps.erasing.words import words

__all__ = ["Mention", "Traces", "erase", "is_named", "records", "said", "to_take_down", "traces", "words"]
