"""Drafts: what goes out is made of customers' words, as spans of stored voices, and of the owner's words around them."""

from kizuna.steps.drafts.checking import check, finish, let_pass, reopen, tick
from kizuna.steps.drafts.composing import CUT_ANEW, begin, drop, put, put_sentences, remove, rename, start, take, write
from kizuna.steps.drafts.model import (
    ELLIPSIS,
    GONE,
    DraftTexts,
    DraftView,
    FormText,
    Kind,
    KindText,
    PieceView,
    Role,
    draft,
    drafts,
    form_text,
    forms,
    kind_text,
    pieces_of,
    texts,
    view,
)

__all__ = [
    "CUT_ANEW", "ELLIPSIS", "GONE", "DraftTexts", "DraftView", "FormText", "Kind", "KindText", "PieceView", "Role", "begin", "check", "draft", "drafts",
    "drop", "finish", "form_text", "forms", "kind_text", "let_pass", "pieces_of", "put", "put_sentences", "remove", "rename", "reopen", "start", "take", "texts", "tick", "view",
    "write",
]  # fmt: skip
