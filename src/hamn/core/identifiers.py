"""Numbers with check digits: organisation numbers, giro numbers, OCR, Peppol ids, phones.

Libraries compute the check digits and know the world's phone numbers; here stand the Swedish
forms, and one sentence for each way a number can be wrong (finance section 6).
"""

from stdnum import luhn

from hamn.core.errors import BadInput, _

PEPPOL_ORGANISATION_SCHEME = "0007"
_BLANKS = str.maketrans("", "", " -\u00a0\u202f\t")


def digits_of(text: str) -> str:
    """The text without the blanks and hyphens that people write inside numbers."""
    return text.translate(_BLANKS)


def organisation_number(text: str) -> str:
    """Ten digits of an organisation number, checked; the hyphen is only for the eye.

    Raises BadInput when the length, the third digit or the check digit is wrong.
    """
    digits = digits_of(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) == 10):
        raise BadInput(
            _(
                "Organisationsnumret ”{text}” ska ha tio siffror, till exempel 212000-0142. "
                "Rätta numret."
            ),
            text=text,
        )
    if not luhn.is_valid(digits):
        raise BadInput(
            _(
                "Organisationsnumret ”{text}” är felskrivet: kontrollsiffran stämmer inte. "
                "Jämför med avtalet."
            ),
            text=text,
        )
    # A personal number also passes the check digit; its third digit is a month's, 0 or 1.
    if digits[2] in "01":
        raise BadInput(
            _(
                "”{text}” ser ut som ett personnummer. Ange organisationens nummer; "
                "dess tredje siffra är minst 2."
            ),
            text=text,
        )
    return digits


def hyphenated(organisation_number: str) -> str:
    """An organisation number as people read it: `212000-0142`."""
    return f"{organisation_number[:6]}-{organisation_number[6:]}"


def participant_id(text: str, *, organisation_number: str) -> str:
    """A Peppol id `scheme:value`; empty stays empty.

    Raises BadInput when it is malformed, or under 0007 another organisation's number.
    """
    text = text.strip()
    if not text:
        return ""
    scheme, colon, value = text.partition(":")
    # Other scripts have digits too; a scheme written in those would pass as not being 0007.
    is_plain = text.isascii() and len(text.split()) == 1
    if not (is_plain and colon and len(scheme) == 4 and scheme.isdigit() and value):
        raise BadInput(
            _("Peppol-id ”{text}” ska skrivas 0007: följt av tio siffror. Rätta Peppol-id."),
            text=text,
        )
    if scheme == PEPPOL_ORGANISATION_SCHEME and value != organisation_number:
        raise BadInput(
            _(
                "Peppol-id ”{text}” hör inte till organisationsnumret {number}. Det ska vara "
                "0007:{digits}, eller ett id i en annan serie. Rätta det som är fel."
            ),
            text=text,
            number=hyphenated(organisation_number),
            digits=organisation_number,
        )
    return text


def giro_number(text: str, *, name: str, shortest: int) -> str:
    """Digits of a bankgiro or plusgiro number with a valid check digit; empty stays empty."""
    digits = digits_of(text)
    if not digits:
        return ""
    if not (digits.isdigit() and shortest <= len(digits) <= 8 and luhn.is_valid(digits)):
        raise BadInput(
            _("{name} ”{text}” är felskrivet: fel antal siffror eller fel kontrollsiffra."),
            name=name,
            text=text,
        )
    return digits


def ocr_reference(number: str, *, with_length: bool) -> str:
    """A payment reference (OCR) from a number in digits: length digit if asked for, check digit.

    The length digit is the whole reference's length modulo 10 (Bankgirot).
    """
    body = number + (str((len(number) + 2) % 10) if with_length else "")
    return body + str(luhn.calc_check_digit(body))


def phone(text: str) -> str:
    """A phone number in E.164 (`+46850800000`), read as Swedish; empty stays empty (Z20).

    Raises BadInput when no such number can exist.
    """
    if not text.strip():
        return ""
    import phonenumbers  # ten megabytes of the world's numbering plans: only when there is a number

    try:
        number = phonenumbers.parse(text, "SE")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise BadInput(
            _("”{text}” är inget telefonnummer. Skriv till exempel 08-508 00 000."), text=text
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
