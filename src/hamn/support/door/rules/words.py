"""The door's codes with their names: states, origins, authors, visibilities, reasons. Pure."""

from enum import StrEnum

from hamn.core.errors import _


class State(StrEnum):
    """Where a dialogue stands."""

    OPEN = "open"
    ENDED = "ended"
    BLOCKED = "blocked"


class Origin(StrEnum):
    """How a dialogue began."""

    WEB = "web"
    PHONE = "phone"
    WALK_IN = "walk_in"
    MAIL = "mail"


class Author(StrEnum):
    """Who wrote a message."""

    PERSON = "person"
    STAFF = "staff"
    SYSTEM = "system"


class Visibility(StrEnum):
    """Who sees a message."""

    PERSON = "person"
    UNIT = "unit"
    OWN = "own"


STATES: dict[str, str] = {
    State.OPEN: _("öppen"),
    State.ENDED: _("avslutad"),
    State.BLOCKED: _("spärrad"),
}
ORIGINS: dict[str, str] = {
    Origin.WEB: _("webbplatsen"),
    Origin.PHONE: _("telefon"),
    Origin.WALK_IN: _("besök"),
    Origin.MAIL: _("inbjudan i ett e-brev"),
}
VISIBILITIES: dict[str, str] = {
    Visibility.PERSON: _("till personen"),
    Visibility.UNIT: _("till enheten"),
    Visibility.OWN: _("egen anteckning"),
}
KEEP_REASONS: dict[str, str] = {
    "ongoing": _("kontakten pågår"),
    "waits": _("vi väntar på svar från personen eller någon annan"),
    "case_soon": _("uppgifterna ska föras över till ett ärende"),
    "concern_report": _("en orosanmälan bygger på uppgifterna"),
    "record_request": _("någon har begärt att få ut uppgifterna"),
}
MEETINGS: dict[str, str] = {
    "visit": _("besök"),
    "phone": _("telefonsamtal"),
    "video": _("videosamtal"),
}
