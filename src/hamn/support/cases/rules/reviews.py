"""The monthly review of reads: how many are drawn, of which months, and who may judge them.

Source: lag (2001:454) 10 §: access is checked systematically and repeatedly.
"""

from collections.abc import Iterator
from datetime import date

from hamn.core.errors import BadInput, Refusal, _

SHARE_PERCENT, LEAST, MOST = 5, 20, 100
MONTHS_BACK = 12
KEPT_YEARS = 5
RIGHT, QUESTIONED = "ratt", "fraga"
VERDICTS = {RIGHT: _("Rätt"), QUESTIONED: _("Ifrågasatt")}


class AlreadySigned(Refusal):
    """The review is signed, and stays as it is."""

    code = "cases.already_signed"


def sample_size(count: int) -> int:
    """How many of a month's ordinary reads are drawn: 5 %, at least 20, at most 100."""
    wanted = -(-count * SHARE_PERCENT // 100)
    return min(count, MOST, max(LEAST, wanted))


def ended_months(today: date) -> Iterator[tuple[int, int]]:
    """Year and month of the last twelve months that have ended, the latest first."""
    year, month = today.year, today.month
    for _back in range(MONTHS_BACK):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        yield year, month


def check_all_judged(left: int) -> None:
    """Pass when every pick is judged. Raises BadInput."""
    if left:
        raise BadInput(
            _("{count} läsningar är inte bedömda än. Bedöm alla innan du signerar."), count=left
        )


def check_not_signed(*, is_signed: bool) -> None:
    """Pass a review that is not signed yet. Raises AlreadySigned."""
    if is_signed:
        raise AlreadySigned(_("Granskningen är redan signerad och kan inte ändras."))


def check_not_her_own(own: int, *, others: bool) -> None:
    """Pass who judges others' reads, or her own where there is nobody else. Raises BadInput."""
    if own and others:
        raise BadInput(
            _(
                "{count} av läsningarna är dina egna. De bedöms av enhetens andra chef eller av "
                "den som är ersättare; lämna dem och spara resten."
            ),
            count=own,
        )
