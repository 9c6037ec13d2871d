"""The desk's pages for municipalities, one file for each thing that is done."""

from .contacts import add_contact, edit_contact, end_contact
from .edit import edit
from .imports import import_parties, import_population
from .register import export, register
from .show import population_chart, show

__all__ = [
    "add_contact",
    "edit",
    "edit_contact",
    "end_contact",
    "export",
    "import_parties",
    "import_population",
    "population_chart",
    "register",
    "show",
]
