"""The roles of the centre. What each may do stands in the rooms' permits, never here."""

from enum import StrEnum

from hamn.core.errors import _


class Role(StrEnum):
    """A duty that a person has at the centre; a person may have several."""

    SYSTEM_ADMINISTRATOR = "system_administrator"
    AGREEMENT_ADMINISTRATOR = "agreement_administrator"
    CONTROLLER = "controller"
    READER = "reader"


NAMES: dict[Role, str] = {
    Role.SYSTEM_ADMINISTRATOR: _("systemadministratör"),
    Role.AGREEMENT_ADMINISTRATOR: _("avtalshandläggare"),
    Role.CONTROLLER: _("controller"),
    Role.READER: _("läsare"),
}
