"""The stored explanation of an amount, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from hamn.agreement.tariffs.rules import LABELS
from hamn.core.errors import _
from hamn.ui.words import said

# As `actions.credit` writes them.
CREDIT_LABELS = {
    "credit_part": _("Del av faktura {number} som krediteras"),
    "credit_whole": _("Hela faktura {number} krediteras"),
}


def step_label(step: Mapping[str, Any]) -> str:
    """A stored step's label; one that another system wrote stays as it is."""
    sentence = LABELS.get(step["code"]) or CREDIT_LABELS.get(step["code"])
    return said(sentence, **step["facts"]) if sentence else said(step["label"])
