"""An opened consultation: its row, its box, and what it says. The one place that reads them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import Place
from hamn.support.cases.rules.content import from_json

from ..models import Consultation
from ..rules.content import ConsultationContent

if TYPE_CHECKING:
    from hamn.guards.vault.boxes import Box


@dataclass(slots=True)
class OpenConsultation:
    """A consultation that was opened for a viewer."""

    row: Consultation
    box: "Box"
    content: ConsultationContent


def place_of(row: Consultation) -> Place:
    """What the row's ciphertext is bound to."""
    return Place(row._meta.db_table, "sealed", str(row.pk))


def opened(row: Consultation) -> OpenConsultation:
    """The consultation with its box opened through its unit. Raises Locked, Unreadable."""
    box = vaults.open_box(row.box, frozenset({row.unit}))
    plain = box.open(place_of(row), bytes(row.sealed))
    return OpenConsultation(row, box, from_json(ConsultationContent, plain))
