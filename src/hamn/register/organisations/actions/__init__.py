"""Every write of the register, one file for each verb."""

from .contacts import end_contact, save_contact
from .import_parties import PARTY_COLUMNS, import_parties, read_contact, read_party
from .import_population import fetch_population, import_population, save_populations
from .load_reference import load_reference
from .save_party import edit_party, save_party

__all__ = [
    "PARTY_COLUMNS",
    "edit_party",
    "end_contact",
    "fetch_population",
    "import_parties",
    "import_population",
    "load_reference",
    "read_contact",
    "read_party",
    "save_contact",
    "save_party",
    "save_populations",
]
