"""The pages of agreements: the list, one agreement, a new one, and its moves."""

from .drafts import draft, draft_for, import_agreements
from .lists import all_agreements, export
from .moves import give_notice, sign, withdraw
from .one import show, terms

__all__ = [
    "all_agreements",
    "draft",
    "draft_for",
    "export",
    "give_notice",
    "import_agreements",
    "show",
    "sign",
    "terms",
    "withdraw",
]
