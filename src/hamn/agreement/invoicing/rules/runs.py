"""The states of a run, the moves between them, and what stands in the way of a release."""

from datetime import timedelta
from enum import StrEnum

from hamn.core.errors import Refusal, _
from hamn.core.money import kronor


class WrongRunState(Refusal):
    """The run has gone on, so that this can no longer be done with it."""

    code = "invoicing.wrong_run_state"


class RunUnderWay(Refusal):
    """A run of the same year and scope is prepared or at work already."""

    code = "invoicing.run_under_way"


class Overtaken(Refusal):
    """Someone else works on the run already."""

    code = "invoicing.overtaken"


class NothingToIssue(Refusal):
    """A run would issue nothing, so there is nothing to prepare."""

    code = "invoicing.nothing_to_issue"


class SamePerson(Refusal):
    """Who prepared a run may not release it: two people see every sum."""

    code = "invoicing.same_person"


class Changed(Refusal):
    """What the run would issue is no longer what was prepared."""

    code = "invoicing.changed"


class RunState(StrEnum):
    """How a run stands."""

    PREPARED = "prepared"  # one person has seen what it would issue
    RELEASED = "released"  # another has agreed; it waits for the worker
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"  # killed or failed; the next run goes on where it stopped


RUN_NAMES: dict[RunState, str] = {
    RunState.PREPARED: _("förberedd"),
    RunState.RELEASED: _("godkänd, i kö"),
    RunState.RUNNING: _("pågår"),
    RunState.FINISHED: _("klar"),
    RunState.CANCELLED: _("avbruten"),
    RunState.INTERRUPTED: _("stannade i förtid"),
}
# From the command line a run begins at work, without a second person (docs/adr/0013).
RUN_MOVES: dict[RunState | None, set[RunState]] = {
    None: {RunState.PREPARED, RunState.RUNNING},
    RunState.PREPARED: {RunState.RELEASED, RunState.CANCELLED},
    RunState.RELEASED: {RunState.RUNNING, RunState.CANCELLED},
    # Back to the queue when the worker is told to stop.
    RunState.RUNNING: {
        RunState.RELEASED,
        RunState.FINISHED,
        RunState.CANCELLED,
        RunState.INTERRUPTED,
    },
    RunState.FINISHED: set(),
    RunState.CANCELLED: set(),
    # One that was taken for dead and lives.
    RunState.INTERRUPTED: {RunState.RUNNING},
}
# Nothing heard from a run at work for so long: whoever worked on it is gone.
DEAD_AFTER = timedelta(minutes=10)
# A run in one of these stands in the way of another for the same year and scope.
OPEN = frozenset({RunState.PREPARED, RunState.RELEASED, RunState.RUNNING})


def check_run_move(present: RunState, wanted: RunState) -> None:
    """Pass only a move that the table has.

    Raises WrongRunState.
    """
    if wanted not in RUN_MOVES[present]:
        raise WrongRunState(
            _("Körningens läge är ”{present}” och kan inte bli ”{wanted}”. Läs in sidan på nytt."),
            present=RUN_NAMES[present],
            wanted=RUN_NAMES[wanted],
        )


def check_other_person(prepared_by: int | None, released_by: int) -> None:
    """Pass only another person than the one who prepared the run.

    Raises SamePerson.
    """
    if prepared_by == released_by:
        raise SamePerson(
            _(
                "Du har själv förberett körningen. Be en annan controller eller enhetschefen att "
                "granska och godkänna den."
            )
        )


def check_something(count: int, *, year: int) -> None:
    """Pass only a run that would issue something.

    Raises NothingToIssue.
    """
    if not count:
        raise NothingToIssue(
            _("Det finns ingen faktura att utfärda för {year}. Förhandsgranskningen visar varför."),
            year=year,
        )


def check_unchanged(prepared: tuple[int, int], present: tuple[int, int]) -> None:
    """Pass only when as many invoices for as many kronor would be issued as were prepared.

    Raises Changed.
    """
    if prepared != present:
        raise Changed(
            _(
                "Underlaget har ändrats: {count} fakturor på {sum} förbereddes, nu blir det "
                "{count_now} på {sum_now}. Ta bort körningen och förbered den igen."
            ),
            count=prepared[0],
            sum=kronor(prepared[1]),
            count_now=present[0],
            sum_now=kronor(present[1]),
        )
