"""Personal information in customers' words: where it stands, of which kind, and the text with it covered."""

from kizuna.language.personal.find import find_personal
from kizuna.language.personal.kinds import Kind, Personal
from kizuna.language.personal.known import Known
from kizuna.language.personal.masking import MASK, mask

__all__ = ["MASK", "Kind", "Known", "Personal", "find_personal", "mask"]
