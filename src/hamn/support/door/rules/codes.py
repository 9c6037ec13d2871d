"""A person's code: 20 signs in five groups of four, 16 of them random and 4 that check them. Pure.

The signs are Crockford's base 32: none looks like another, and those that people take for each
other are read as the one that is meant. The four checking signs make any four wrong signs show
with certainty (a Reed-Solomon code over the 32 signs), so that a slip of the pen is told at once,
before the slow hash, and is never taken for a wrong code.
Source: docs/adr/0024; anchors part I, threads 2 and 3.
"""

import secrets
import unicodedata

from hamn.core.errors import BadInput, _

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM, CHECKS, GROUP = 16, 4, 4
LENGTH = RANDOM + CHECKS
# Longer ones are refused unread: an endless code must not reach anything slow.
LONGEST = 64
_MEANT = str.maketrans("OILU", "011V")
_WORDS = (
    *("nolla", "etta", "tvåa", "trea", "fyra", "femma", "sexa", "sjua", "åtta", "nia"),
    *("Adam", "Bertil", "Cesar", "David", "Erik", "Filip", "Gustav", "Helge", "Johan", "Kalle"),
    *("Martin", "Niklas", "Petter", "Qvintus", "Rudolf", "Sigurd", "Tore", "Viktor", "Wilhelm"),
    *("Xerxes", "Yngve", "Zäta"),
)


class BadCode(BadInput):
    """What was typed is no code: a sign too many or too few, or one that was misread."""

    code = "door.bad_code"


def new_code() -> str:
    """A code that nobody has had: 80 random bits and their check."""
    signs = [secrets.randbelow(32) for _each in range(RANDOM)]
    return "".join(SIGNS[sign] for sign in (*signs, *_checks(signs)))


def shown(code: str) -> str:
    """The code as it is written on paper: `7K3F-92WM-…`."""
    return "-".join(groups(code))


def groups(code: str) -> list[str]:
    """The code's five groups of four signs."""
    return [code[place : place + GROUP] for place in range(0, LENGTH, GROUP)]


def spelled(code: str) -> list[list[str]]:
    """Each group in the words of the Swedish spelling alphabet, for reading aloud."""
    return [[_WORDS[SIGNS.index(sign)] for sign in group] for group in groups(code)]


def read(text: str) -> str:
    """The code that somebody typed, whatever the case, blanks, dashes and look-alikes.

    Raises BadCode for what is none; nothing is looked up for it, so it tells of no dialogue.
    """
    if len(text) > LONGEST:
        raise BadCode(_("Det är för långt för att vara en kod. En kod har 20 tecken."))
    code = "".join(_sign(sign) for sign in unicodedata.normalize("NFKC", text)).upper()
    code = code.translate(_MEANT)
    if len(code) != LENGTH:
        raise BadCode(
            _(
                "En kod har 20 tecken i fem grupper om fyra. Här står {count}. Se efter och "
                "skriv igen."
            ),
            count=len(code),
        )
    if not set(code) <= set(SIGNS) or not _is_whole([SIGNS.index(sign) for sign in code]):
        raise BadCode(
            _("Något tecken har blivit fel. Jämför med det du skrev upp, en grupp i taget.")
        )
    return code


def _sign(sign: str) -> str:
    """The sign as a code may have it: a digit of any script as ours, and nothing for a blank."""
    if sign.isalpha() or sign.isdecimal():
        return str(unicodedata.decimal(sign, sign))
    # Blanks, dashes, full stops and marks of direction stand between; all else is a wrong sign.
    return "" if unicodedata.category(sign)[0] in "ZCP" else sign


def _times(one: int, other: int) -> int:
    """The product in the field of 32 elements (x⁵ + x² + 1)."""
    product = 0
    for bit in range(5):
        if other >> bit & 1:
            product ^= one << bit
    for bit in (3, 2, 1, 0):
        if product >> bit + 5 & 1:
            product ^= 0b100101 << bit
    return product


def _generator() -> list[int]:
    """The polynomial (x - a)(x - a²)(x - a³)(x - a⁴), highest power first; a is 2."""
    made, root = [1], 1
    for _each in range(CHECKS):
        root = _times(root, 2)
        by_root = [_times(part, root) for part in made]
        made = [x ^ y for x, y in zip([*made, 0], [0, *by_root], strict=True)]
    return made


_GENERATOR = _generator()


def _remainder(signs: list[int]) -> list[int]:
    left = list(signs)
    for place in range(len(signs) - CHECKS):
        factor = left[place]
        for step, part in enumerate(_GENERATOR):
            left[place + step] ^= _times(factor, part)
    return left[-CHECKS:]


def _checks(signs: list[int]) -> list[int]:
    return _remainder([*signs, *[0] * CHECKS])


def _is_whole(signs: list[int]) -> bool:
    return not any(_remainder(signs))
