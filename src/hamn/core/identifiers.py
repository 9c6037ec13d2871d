"""Numbers with check digits: organisations, people, giro numbers, OCR, Peppol ids, phones.

Libraries compute the check digits and know the world's phone numbers; here stand the Swedish
forms, and one sentence for each way a number can be wrong (finance section 6).
"""

import re
from datetime import date

from stdnum import luhn

from hamn.core.errors import BadInput, _

PEPPOL_ORGANISATION_SCHEME = "0007"
_BLANKS = str.maketrans("", "", " -\u00a0\u202f\t")
_PERSONAL_NUMBER = re.compile(r"(1[89]|20)?([0-9]{6})(\+?)([0-9]{4})")


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


def personal_number(text: str, *, today: date) -> str:
    """Twelve digits of a personal number or coordination number (samordningsnummer), checked.

    today: decides the century of a number with ten digits; `+` says a hundred years or more.
    A coordination number may say 00 for the month and 60 for the day when they are not known.
    Raises BadInput with one sentence for each fault; none repeats the number, for a refusal can be
    shown where a number must not be.
    """
    digits = _with_century(text, today)
    if not luhn.is_valid(digits[2:]):
        raise BadInput(
            _(
                "Personnumret eller samordningsnumret är felskrivet: kontrollsiffran stämmer "
                "inte. Jämför siffrorna och rätta det."
            )
        )
    if _first_possible_birthday(digits) > today:
        raise BadInput(
            _(
                "Personnumret eller samordningsnumret säger en födelsedag som inte har varit än. "
                "Skriv året med fyra siffror och rätta det som är fel."
            )
        )
    return digits


def _with_century(text: str, today: date) -> str:
    """Twelve digits in a row, of which the first two are the century."""
    match = _PERSONAL_NUMBER.fullmatch(digits_of(text))
    if not match:
        raise BadInput(
            _(
                "Ett personnummer eller samordningsnummer har tolv eller tio siffror och inget "
                "annat, till exempel 19900101-0017. Rätta numret, eller lämna rutan tom."
            )
        )
    century, birth, plus, tail = match.groups()
    if not century:
        latest = today.year - 100 if plus else today.year
        century = str((latest - (latest - int(birth[:2])) % 100) // 100)
    return century + birth + tail


def _first_possible_birthday(digits: str) -> date:
    """The day of birth, or the first that it can be where month or day is not known.

    Raises BadInput when the number holds no day that exists.
    """
    from personnummer import personnummer  # only when there is a number

    year, month, day, serial = digits[:4], digits[4:6], digits[6:8], digits[8:11]
    # The tax agency gives such coordination numbers out, but the library does not know them.
    if int(day) >= 60:
        month, day = "01" if month == "00" else month, "61" if day == "60" else day
    known = year + month + day + serial
    try:
        born: date = personnummer.parse(known + luhn.calc_check_digit(known[2:])).get_date()
    except personnummer.PersonnummerException:
        raise BadInput(
            _(
                "Personnumret eller samordningsnumret innehåller ett datum som inte finns. "
                "Jämför siffrorna och rätta det."
            )
        ) from None
    return born


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


def shown_phone(number: str) -> str:
    """A number in E.164 as people in Sweden write it (`08-508 000 00`); empty stays empty."""
    if not number:
        return ""
    import phonenumbers  # as above

    parsed = phonenumbers.parse(number, "SE")
    is_swedish = parsed.country_code == 46
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if is_swedish else style.INTERNATIONAL)
