"""Every way in which a file can be unfit, with what to do about it."""

from enum import StrEnum
from typing import ClassVar

from hamn.core.errors import BadInput, Sentence, _


class Fault(StrEnum):
    """Why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    HEIC = "heic"
    LYING_NAME = "lying_name"
    ENCRYPTED = "encrypted"
    SCRIPT = "script"
    EMBEDDED_FILES = "embedded_files"
    XFA = "xfa"
    BOMB = "bomb"
    DAMAGED = "damaged"
    UNCLEANABLE = "uncleanable"
    TOO_HEAVY = "too_heavy"


SENTENCES: dict[Fault, Sentence] = {
    Fault.EMPTY: _("Filen är tom. Välj en annan fil."),
    Fault.TOO_LARGE: _(
        "Filen är större än {most} MB. Dela den eller spara den i lägre upplösning och försök igen."
    ),
    Fault.UNKNOWN_KIND: _(
        "Filen är varken en bild (JPEG, PNG) eller en pdf. Spara den som något av dem och försök "
        "igen."
    ),
    Fault.HEIC: _(
        "Bilden är i formatet HEIC, som Hamn inte kan läsa. Spara den som JPEG och försök igen."
    ),
    Fault.LYING_NAME: _(
        "Filens namn slutar på {suffix} men innehållet är {kind}. "
        "Kontrollera att det är rätt fil, byt namn på den och försök igen."
    ),
    Fault.ENCRYPTED: _(
        "Pdf-filen är låst med lösenord eller rättigheter. Spara den utan lås och försök igen."
    ),
    Fault.SCRIPT: _(
        "Pdf-filen innehåller ett program (JavaScript). Skriv ut den till en ny pdf och bifoga den."
    ),
    Fault.EMBEDDED_FILES: _(
        "Pdf-filen har andra filer inuti sig. Spara ut dem och bifoga dem en och en, och skriv ut "
        "den här till en ny pdf."
    ),
    Fault.XFA: _(
        "Pdf-filen är ett formulär som bara Adobes program kan visa (XFA). "
        "Skriv ut den till en ny pdf och bifoga den."
    ),
    Fault.BOMB: _(
        "Filen blir för stor när den öppnas: för många bildpunkter eller för mycket ihoppackat. "
        "Spara den i lägre upplösning och försök igen."
    ),
    Fault.DAMAGED: _(
        "Filen är skadad eller avbruten och går inte att läsa. Öppna den i ett annat program, "
        "spara den på nytt och försök igen."
    ),
    Fault.UNCLEANABLE: _(
        "Filen bär dolda uppgifter som inte går att ta bort. "
        "Skriv ut den till en ny pdf och bifoga den."
    ),
    Fault.TOO_HEAVY: _(
        "Filen tog för lång tid eller för mycket minne att läsa. "
        "Skriv ut den till en ny pdf, eller spara den i lägre upplösning, och försök igen."
    ),
}


class UnfitFile(BadInput):
    """A file that cannot be taken in; nothing of it is kept.

    fault: which of the reasons, for programs.
    """

    code: ClassVar[str] = "papers.unfit_file"

    def __init__(self, fault: Fault, **facts: object) -> None:
        super().__init__(SENTENCES[fault], **facts)
        self.fault = fault
