"""The glossary of the field, in code: what a workbook holds.

Every table has one integer key that is never used twice (history and undo rely on it).
"""

from kizuna.workbook.models.base import Base, now
from kizuna.workbook.models.consents import Consent, ConsentVoice, Threshold
from kizuna.workbook.models.feedback import FeedbackMark, Improvement, ImprovementEvidence, Keepsake, Request
from kizuna.workbook.models.history import Act, Change, Erasure
from kizuna.workbook.models.letters import Draft, Invitation, Offer, PaperCopy, Piece
from kizuna.workbook.models.people import Closeness, Contact, FanMark, Group, Person, PlannedTouch, Post, Recurring, Touch, called
from kizuna.workbook.models.plans import Action, Answer, Evidence, Idea, Plan
from kizuna.workbook.models.tribe import Choice, ChoiceEvidence, Introduction, Member, SharedValue, SharedWords, Talk, Tie
from kizuna.workbook.models.voices import Placement, Quote, Source, Theme, Vector, Voice, fingerprint

__all__ = [
    "Act",
    "Action",
    "Answer",
    "Base",
    "Change",
    "Choice",
    "ChoiceEvidence",
    "Closeness",
    "Consent",
    "ConsentVoice",
    "Contact",
    "Draft",
    "Erasure",
    "Evidence",
    "FanMark",
    "FeedbackMark",
    "Group",
    "Idea",
    "Improvement",
    "ImprovementEvidence",
    "Introduction",
    "Invitation",
    "Keepsake",
    "Member",
    "Offer",
    "PaperCopy",
    "Person",
    "Piece",
    "Placement",
    "Plan",
    "PlannedTouch",
    "Post",
    "Quote",
    "Recurring",
    "Request",
    "SharedValue",
    "SharedWords",
    "Source",
    "Talk",
    "Theme",
    "Threshold",
    "Tie",
    "Touch",
    "Vector",
    "Voice",
    "called",
    "fingerprint",
    "now",
]
