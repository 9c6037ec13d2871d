"""Words for who read what in a case, and why she might; and what break-glass says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hamn.core.errors import BadInput, Refusal, _

from .kinds import KINDS
from .states import BREAK_GLASS_HOURS

LEAST_REASON = 15  # characters: fewer tell a reviewer nothing

BREAK_GLASS, COVER, HEAD, HANDOVER = "break_glass", "cover", "head", "handover"
TOOK_OVER, SEARCH = "took_over", "search"
# What is looked at every month without being drawn; of the rest a sample.
ALWAYS_REVIEWED = frozenset({BREAK_GLASS, COVER, TOOK_OVER, SEARCH})
WHYS = {
    "responsible": _("ansvarig"),
    "deputy": _("ersättare i ärendet"),
    "takes_part": _("deltar"),
    "unassigned": _("ingen var ansvarig"),
    "shared": _("delat med enheten"),
    COVER: _("enhetens ersättare"),
    BREAK_GLASS: _("nödöppning"),
    HEAD: _("enhetens chef"),
    HANDOVER: _("överlämning"),
    TOOK_OVER: _("enhetens chef, som själv tog över"),
    SEARCH: _("sökning"),
    "approver": _("prövade ett utlämnande"),
}
_PAGES = {
    "timeline": _("läste händelserna"),
    "plan": _("läste planen och stödet"),
    "referrals": _("läste remisser och samtycken"),
    "children": _("läste om barn och anhöriga"),
    "files": _("läste fillistan"),
    "details": _("läste uppgifterna"),
    "identity": _("ändrade anonymitet eller skydd"),
    "situation": _("ändrade uppgifter om personen"),
    "safe_contact": _("ändrade säker kontakt"),
    "informed_of_right": _("antecknade att personen vet om rätten att ansöka"),
    "contact_details": _("läste kontaktuppgifterna"),
    "keep_details": _("sparade kontaktuppgifter"),
    "erase_details": _("raderade kontaktuppgifterna"),
    "keeping": _("läste hur länge ärendet sparas"),
    "set_rule_class": _("ändrade gallringsregel"),
    "hold_case": _("stoppade gallringen"),
    "link_cases": _("kopplade ihop två ärenden"),
    "unlink_cases": _("tog isär två ärenden"),
    "attach_file": _("bifogade en fil"),
    "file_working": _("hämtade en fils kopia"),
    "file_original": _("hämtade en fils original"),
    "remove_file": _("tog bort en fil"),
    "case_copy": _("tog fram en kopia till personen"),
    "data_extract": _("tog fram ett registerutdrag"),
    "request": _("läste en begäran om uppgifter"),
    "access": _("läste vem som får öppna"),
    "open_case": _("öppnade ärendet som nytt"),
    "assign": _("ändrade ansvarig eller ersättare"),
    "participants": _("ändrade deltagare"),
    "break_glass": _("nödöppnade ärendet"),
    "review_break_glass": _("granskade en nödöppning"),
    "found": _("fann ärendet vid en sökning"),
    "contact": _("läste en kontakt"),
    "address": _("läste avsändarens adress"),
    "remove_address": _("raderade avsändarens adress"),
    "offer_answer": _("valde hur ett brev besvaras"),
    "log_contact": _("antecknade en kontakt"),
    "plan_contact": _("planerade en kontakt"),
    "take_contact": _("tog hand om en kontakt"),
    "remove_contact": _("tog bort en felaktig kontakt"),
    "hand_contact": _("kopplade in koordinatorn för barn och unga"),
    "report_from_contact": _("började en orosanmälan från en kontakt"),
    "child_report_file": _("hämtade en orosanmälan"),
    "join_contact": _("förde dit en kontakt"),
    "move_contact": _("flyttade bort en kontakt"),
    "receive_contact": _("flyttade hit en kontakt"),
    "move_out": _("flyttade kontakten ur sitt ärende"),
    "change_contact": _("ändrade en kontakt"),
    "add_to_contact": _("skrev ett tillägg till en kontakt"),
    "mark_answered": _("antecknade ett lovat svar"),
    "follow_up": _("antecknade en uppföljning"),
    "close_case": _("avslutade ärendet"),
    "reopen_case": _("öppnade ärendet igen"),
    "to_follow_up": _("lade ärendet till uppföljning"),
    "back_to_active": _("tog upp ärendet igen"),
    "finalise_note": _("upprättade en anteckning"),
    "remove_note": _("tog bort en arbetsanteckning"),
    "revoke_consent": _("antecknade ett återkallat samtycke"),
    "referral_letter": _("hämtade ett brev"),
    "send_referral": _("läste vad som kan följa med i ett brev"),
    "disclosure": _("läste ett begärt utlämnande"),
    "decide_disclosure": _("prövade ett utlämnande"),
    "share_case": _("delade ärendet med en annan enhet"),
    "end_share": _("avslutade en delning"),
    "hand_over_case": _("lämnade över ärendet till en annan enhet"),
}
# Before the code of an act whose form alone was read: nothing is done until it is sent.
FORM = "form_"
_WRITES = {"write_": _("skrev: {kind}"), "change_": _("ändrade: {kind}")}
REASONS = {
    "danger": _("Fara för liv eller hälsa"),
    "away": _("Ansvarig och ersättare går inte att nå, och personen behöver hjälp nu"),
    "here": _("Personen är här eller hör av sig nu"),
    "report": _("En orosanmälan måste göras genast"),
    "other": _("Något annat"),
}


class OnlyBrokenOpen(Refusal):
    """Who broke the glass reads and writes; what lasts longer than that is not hers to do."""

    code = "cases.only_broken_open"


class AlreadyOpen(Refusal):
    """The case opens to her without breaking any glass."""

    code = "cases.already_open"


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """What a break-glass says: why she opened the case, and what the reviewer made of it."""

    kind: str
    reason: str
    comment: str = ""


def what_in_words(code: str) -> tuple[str, str]:
    """The sentence of what was done in a case, and the name of the kind it was done to."""
    if code.startswith(FORM):
        return _("öppnade ett formulär i ärendet"), ""
    if code in _PAGES:
        return _PAGES[code], ""
    for begins, sentence in _WRITES.items():
        kind = KINDS.get(code.removeprefix(begins)) if code.startswith(begins) else None
        if kind is not None:
            return sentence, kind.name
    return _("gjorde något annat i ärendet"), ""


def check_not_broken_open(why: str) -> None:
    """Pass who works in the case. Raises OnlyBrokenOpen for one who broke the glass.

    why: the code of the way by which the case opens to her.
    """
    if why == BREAK_GLASS:
        raise OnlyBrokenOpen(
            _(
                "Du har nödöppnat ärendet. Du kan läsa och skriva i det, men inte dela det, lämna "
                "över det eller radera något. Fråga den som är ansvarig, eller enhetens chef."
            )
        )


def closes_at(opened_at: datetime) -> datetime:
    """When a case that was broken open closes by itself."""
    return opened_at + timedelta(hours=BREAK_GLASS_HOURS)


def check_reason(reason: str) -> None:
    """Pass a reason that tells a reviewer something. Raises BadInput."""
    if len(reason.strip()) < LEAST_REASON:
        raise BadInput(
            _("Skriv varför ärendet måste öppnas nu, så att den som granskar förstår det.")
        )
