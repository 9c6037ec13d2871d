"""The kinds of records in a case: what each says, its states, and what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hamn.core.errors import _

from . import children, grounds, notes, plans, referrals
from .states import WrongState


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. moves: state to the states that may follow; the first state is the start.

    done: states in which nothing is left to do. is_locking: finalised, it is never changed.
    """

    code: str
    name: str
    content: type
    states: Mapping[str, str]
    moves: Mapping[str, frozenset[str]] = field(default_factory=dict)
    done: frozenset[str] = frozenset()
    is_locking: bool = False

    @property
    def first(self) -> str:
        """The state in which a record of this kind begins."""
        return next(iter(self.states))


WRITTEN = {"written": _("skriven")}
WORKING, FINAL = "working", "final"
NOTE_STATES = {WORKING: _("arbetsanteckning"), FINAL: _("upprättad")}
NOTE_MOVES = {WORKING: frozenset({FINAL})}

TODO_STATES = {
    "open": _("att göra"),
    "confirmed": _("bekräftad"),
    "done": _("klar"),
    "dropped": _("blev inte av"),
}
TODO_MOVES = {
    "open": frozenset({"confirmed", "done", "dropped"}),
    "confirmed": frozenset({"open", "done", "dropped"}),
    "done": frozenset({"open"}),
    "dropped": frozenset({"open"}),
}
TODO_DONE = frozenset({"done", "dropped"})

GOAL_STATES = {"current": _("gäller"), "reached": _("nått"), "given_up": _("gäller inte längre")}
GOAL_MOVES = {
    "current": frozenset({"reached", "given_up"}),
    "reached": frozenset({"current"}),
    "given_up": frozenset({"current"}),
}
_ANSWERED = {
    "accepted": _("mottagaren tar emot"),
    "declined": _("mottagaren avböjer"),
    "closed": _("avslutad"),
}
OUT_STATES = {
    "draft": _("förbereds"),
    "sent": _("skickad"),
    **_ANSWERED,
    "revoked": _("återtagen"),
}
OUT_MOVES = {
    "draft": frozenset({"sent", "revoked"}),
    "sent": frozenset({"accepted", "declined", "closed", "revoked"}),
    "accepted": frozenset({"closed", "revoked"}),
    "declined": frozenset({"closed"}),
}
IN_STATES = {"received": _("mottagen"), **_ANSWERED}
IN_MOVES = {
    "received": frozenset({"accepted", "declined", "closed"}),
    "accepted": frozenset({"closed"}),
    "declined": frozenset({"closed"}),
}
REPORT_STATES = {
    "open": _("ska skickas"),
    "awaits": _("skickad, väntar på återkoppling"),
    "sent": _("skickad"),
    "answered": _("mottagaren har svarat"),
    "not_needed": _("skickas inte"),
}
REPORT_MOVES = {
    "open": frozenset({"awaits", "sent", "not_needed"}),
    "awaits": frozenset({"answered"}),
    "sent": frozenset({"answered"}),
}
CONSENT_STATES = {"given": _("gäller"), "revoked": _("återkallat"), "expired": _("har löpt ut")}
DISCLOSURE_STATES = {
    "waits": _("väntar på en andra persons godkännande"),
    "decided": _("utlämnat"),
    "refused": _("inte utlämnat"),
}

_ALL = (
    Kind("note", _("anteckning"), notes.Note, NOTE_STATES, NOTE_MOVES, frozenset({FINAL}), True),
    Kind("addition", _("tillägg"), notes.Addition, WRITTEN, {}, frozenset({"written"}), True),
    Kind("objection", _("invändning"), notes.Objection, WRITTEN, {}, frozenset({"written"}), True),
    Kind("identity", _("ändrad anonymitet"), notes.Identity, WRITTEN, {}, frozenset({"written"})),
    Kind("goal", _("mål"), plans.Goal, GOAL_STATES, GOAL_MOVES, frozenset({"reached", "given_up"})),
    Kind("action", _("aktivitet"), plans.Action, TODO_STATES, TODO_MOVES, TODO_DONE),
    Kind(
        "practical_support",
        _("praktiskt stöd"),
        plans.PracticalSupport,
        TODO_STATES,
        TODO_MOVES,
        TODO_DONE,
    ),
    Kind("outcome", _("uppföljning"), plans.OutcomeFollowUp, WRITTEN, {}, frozenset({"written"})),
    Kind("closure", _("avslut"), plans.Closure, WRITTEN, {}, frozenset({"written"})),
    Kind("reopening", _("återöppning"), plans.Closure, WRITTEN, {}, frozenset({"written"})),
    Kind(
        "referral_out",
        _("remiss eller hänvisning"),
        referrals.Referral,
        OUT_STATES,
        OUT_MOVES,
        frozenset({"closed", "revoked"}),
    ),
    Kind(
        "referral_in",
        _("inkommande remiss"),
        referrals.Referral,
        IN_STATES,
        IN_MOVES,
        frozenset({"closed"}),
    ),
    Kind(
        "consent",
        _("samtycke"),
        referrals.Consent,
        CONSENT_STATES,
        {"given": frozenset({"revoked", "expired"})},
        frozenset(CONSENT_STATES),
    ),
    Kind(
        "disclosure",
        _("utlämnande"),
        grounds.Disclosure,
        DISCLOSURE_STATES,
        {"waits": frozenset({"decided", "refused"})},
        frozenset({"decided", "refused"}),
    ),
    Kind("child", _("barn"), children.Child, {"current": _("gäller")}, {}, frozenset({"current"})),
    Kind(
        "child_report",
        _("orosanmälan"),
        children.ChildWelfareReport,
        REPORT_STATES,
        REPORT_MOVES,
        frozenset({"sent", "answered", "not_needed"}),
    ),
    Kind(
        "link",
        _("koppling"),
        children.CaseLink,
        {"current": _("gäller"), "ended": _("upphörd")},
        {"current": frozenset({"ended"})},
        frozenset({"current", "ended"}),
    ),
)
KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}


def check_record_move(kind: Kind, state: str, to: str) -> None:
    """Pass a move that the kind's table allows. Raises WrongState."""
    if to not in kind.moves.get(state, frozenset()):
        raise WrongState(
            _("Det som är {state} kan inte bli {to}. Läs om sidan och se vad som gäller nu."),
            state=kind.states[state],
            to=kind.states[to],
        )
