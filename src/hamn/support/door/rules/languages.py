"""The languages of the public pages, each with the reason why it is one of them. Pure.

Swedish is the source of every text and always shown; any other is shown when somebody whose
language it is has read it through. The reasons are from general knowledge, not from figures: a
centre's own, of the languages in which people write to it, shall decide which come next.
Source: requirements M7; docs/adr/0024.
"""

from dataclasses import dataclass

from hamn.core.errors import BadInput, _

SOURCE = "sv"


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its name in itself and in Swedish, why it is here, which way it is written."""

    code: str
    own_name: str
    name: str
    why: str
    is_right_to_left: bool = False

    @property
    def direction(self) -> str:
        """Of an HTML element: `rtl` or `ltr`."""
        return "rtl" if self.is_right_to_left else "ltr"


LANGUAGES: dict[str, Language] = {
    one.code: one
    for one in (
        Language("sv", "Svenska", _("svenska"), _("Det språk som alla texter skrivs på först.")),
        Language(
            "en",
            "English",
            _("engelska"),
            _(
                "Det gemensamma språket för många som är här tillfälligt, och det näst vanligaste "
                "att svara på."
            ),
        ),
        Language(
            "es",
            "Español",
            _("spanska"),
            _(
                "Många som erbjuder sex mot ersättning i Sverige kommer från Latinamerika eller "
                "har bott i Spanien."
            ),
        ),
        Language(
            "ro",
            "Română",
            _("rumänska"),
            _(
                "Rumänska medborgare återkommer varje år bland dem som identifieras som utsatta "
                "för människohandel i Sverige; språket talas också i Moldavien."
            ),
        ),
        Language(
            "th",
            "ไทย",
            _("thailändska"),
            _(
                "Massagesalonger är en känd miljö för både sex mot ersättning och utnyttjande i "
                "arbete, och många där har thailändska som enda språk."
            ),
        ),
        Language(
            "ar",
            "العربية",
            _("arabiska"),
            _(
                "Ett av de största språken i länet efter svenska, också bland anhöriga och unga; "
                "skrivs från höger till vänster."
            ),
            is_right_to_left=True,
        ),
    )
}


def language(code: str) -> Language:
    """The language of the code.

    Raises BadInput for one that the public pages do not have.
    """
    if code not in LANGUAGES:
        raise BadInput(_("Webbplatsen har inget språk med koden ”{code}”."), code=code)
    return LANGUAGES[code]


def marked_as(language: str, english: str) -> str:
    """The language of a text that exists in Swedish and perhaps English; empty if the page's."""
    told_in = "en" if english and language != SOURCE else SOURCE
    return "" if told_in == language else told_in


def in_order(codes: "set[str] | frozenset[str]") -> list[Language]:
    """The languages of the codes, in the order in which they are offered."""
    return [one for code, one in LANGUAGES.items() if code in codes]
