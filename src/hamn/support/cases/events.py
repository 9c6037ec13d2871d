"""Events of casework. What is sealed is named by keyed names alone; facts are dates and codes.

The keyed names are `Box.trail_name` of a case, a contact or a request, and `Box.name_of` for a row
that is sealed in it: they die with the box. What happens without an open box is told as a count.
Workers and units keep their ids. So do a handover and a month's review: they are about workers.
"""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """What casework writes in the trail."""

    CASE_READ = "cases.case_read"
    CASES_LISTED = "cases.cases_listed"
    CASE_OPENED = "cases.case_opened"
    CASE_CHANGED = "cases.case_changed"
    CASE_MOVED = "cases.case_moved"
    CASE_ASSIGNED = "cases.case_assigned"
    CONTACT_LOGGED = "cases.contact_logged"
    CONTACT_READ = "cases.contact_read"
    CONTACT_CHANGED = "cases.contact_changed"
    CONTACT_ADDED_TO = "cases.contact_added_to"
    CONTACT_JOINED = "cases.contact_joined"
    CONTACT_MOVED = "cases.contact_moved"
    CONTACTS_LISTED = "cases.contacts_listed"
    CONTACT_TAKEN = "cases.contact_taken"
    CONTACT_HANDED = "cases.contact_handed"
    CONTACT_ANSWERED = "cases.contact_answered"
    CONTACT_REMOVED = "cases.contact_removed"
    MAIL_TAKEN = "cases.mail_taken"
    ADDRESS_READ = "cases.address_read"
    ADDRESS_REMOVED = "cases.address_removed"
    RECORD_WRITTEN = "cases.record_written"
    RECORD_CHANGED = "cases.record_changed"
    RECORD_FINALISED = "cases.record_finalised"
    RECORD_MOVED = "cases.record_moved"
    RECORD_REMOVED = "cases.record_removed"
    DRAFTS_PURGED = "cases.drafts_purged"
    CONSENTS_EXPIRED = "cases.consents_expired"
    DETAILS_READ = "cases.details_read"
    DETAILS_KEPT = "cases.details_kept"
    DETAILS_ERASED = "cases.details_erased"
    CHILD_HANDED = "cases.child_handed"
    DRAFT_KEPT = "cases.draft_kept"
    RULE_CLASS_SET = "cases.rule_class_set"
    SUPPORT_LISTED = "cases.support_listed"
    CONSENT_REVOKED = "cases.consent_revoked"
    REFERRAL_SENT = "cases.referral_sent"
    LETTER_MADE = "cases.letter_made"
    DISCLOSURE_ASKED = "cases.disclosure_asked"
    DISCLOSURE_READ = "cases.disclosure_read"
    DISCLOSURE_DECIDED = "cases.disclosure_decided"
    DISCLOSURE_REFUSED = "cases.disclosure_refused"
    CASE_SHARED = "cases.case_shared"
    SHARE_ENDED = "cases.share_ended"
    SHARES_ENDED_BY_DATE = "cases.shares_ended_by_date"
    CASE_HANDED_OVER = "cases.case_handed_over"
    CASES_SEARCHED = "cases.cases_searched"
    PARTICIPANT_ADDED = "cases.participant_added"
    PARTICIPANT_REMOVED = "cases.participant_removed"
    HANDOVER_PROPOSED = "cases.handover_proposed"
    HANDOVER_ACCEPTED = "cases.handover_accepted"
    HANDOVER_ENDED = "cases.handover_ended"
    GLASS_BROKEN = "cases.glass_broken"
    GLASS_READ = "cases.glass_read"
    GLASS_REVIEWED = "cases.glass_reviewed"
    REVIEW_DRAWN = "cases.review_drawn"
    REVIEW_READ = "cases.review_read"
    READS_JUDGED = "cases.reads_judged"
    REVIEW_SIGNED = "cases.review_signed"
    REVIEWS_PURGED = "cases.reviews_purged"
    FILE_ATTACHED = "cases.file_attached"
    FILE_FETCHED = "cases.file_fetched"
    FILE_REMOVED = "cases.file_removed"
    COPY_MADE = "cases.copy_made"
    REQUEST_REGISTERED = "cases.request_registered"
    REQUEST_READ = "cases.request_read"
    REQUEST_ASSESSED = "cases.request_assessed"
    REQUEST_DECIDED = "cases.request_decided"
    REQUEST_WITHDRAWN = "cases.request_withdrawn"
    REQUEST_ANSWERED = "cases.request_answered"


register(
    {
        Event.CASE_READ: _("Ärende läst."),
        Event.CASES_LISTED: _("Ärenden visade i en lista."),
        Event.CASE_OPENED: _("Ärende öppnat."),
        Event.CASE_CHANGED: _("Uppgifter i ett ärende ändrade."),
        Event.CASE_MOVED: _("Ärende avslutat, återöppnat eller lagt till uppföljning."),
        Event.CASE_ASSIGNED: _("Ärende fick ansvarig eller ersättare."),
        Event.CONTACT_LOGGED: _("Kontakt antecknad."),
        Event.CONTACT_READ: _("Kontakt läst."),
        Event.CONTACT_CHANGED: _("Kontakt ändrad."),
        Event.CONTACT_ADDED_TO: _("Tillägg skrivet till en kontakt."),
        Event.CONTACT_JOINED: _("Kontakt förd till ett ärende."),
        Event.CONTACT_MOVED: _("Kontakt flyttad ur ett ärende, till ett annat eller för sig."),
        Event.CONTACTS_LISTED: _("Kontakter visade i en lista."),
        Event.CONTACT_TAKEN: _("Kontakt tagen av någon i enheten."),
        Event.CONTACT_HANDED: _("Ett barns kontakt lämnad till koordinatorn för barn och unga."),
        Event.CONTACT_ANSWERED: _("Lovat svar på en kontakt är givet."),
        Event.CONTACT_REMOVED: _("Felaktig kontakt borttagen."),
        Event.MAIL_TAKEN: _("E-post förseglad som kontakt."),
        Event.ADDRESS_READ: _("Avsändarens adress läst."),
        Event.ADDRESS_REMOVED: _("Avsändarens adress raderad."),
        Event.RECORD_WRITTEN: _("Uppgift skriven i ett ärende."),
        Event.RECORD_CHANGED: _("Uppgift i ett ärende ändrad."),
        Event.RECORD_FINALISED: _("Anteckning upprättad."),
        Event.RECORD_MOVED: _("Uppgift i ett ärende fick nytt läge."),
        Event.RECORD_REMOVED: _("Arbetsanteckning borttagen."),
        Event.DRAFTS_PURGED: _("Utkast som ingen sparade är raderade."),
        Event.CONSENTS_EXPIRED: _("Samtycken vars tid är ute markerade."),
        Event.DETAILS_READ: _("Kontaktuppgifter lästa."),
        Event.DETAILS_KEPT: _("Kontaktuppgifter sparade."),
        Event.DETAILS_ERASED: _("Kontaktuppgifter raderade."),
        Event.CHILD_HANDED: _("Ärende öppnat för ett barn hos koordinatorn för barn och unga."),
        Event.DRAFT_KEPT: _("Utkast sparat."),
        Event.RULE_CLASS_SET: _("Gallringsregel ändrad."),
        Event.SUPPORT_LISTED: _("Praktiskt stöd visat i en lista."),
        Event.CONSENT_REVOKED: _("Samtycke återkallat."),
        Event.REFERRAL_SENT: _("Remiss eller hänvisning skickad."),
        Event.LETTER_MADE: _("Brev till en mottagare hämtat."),
        Event.DISCLOSURE_ASKED: _("Utlämnande ur ett ärende begärt."),
        Event.DISCLOSURE_READ: _("Begärt utlämnande läst för prövning."),
        Event.DISCLOSURE_DECIDED: _("Uppgifter ur ett ärende utlämnade."),
        Event.DISCLOSURE_REFUSED: _("Utlämnande ur ett ärende nekat."),
        Event.CASE_SHARED: _("Ärende delat med en annan enhet."),
        Event.SHARE_ENDED: _("Delning av ett ärende avslutad."),
        Event.SHARES_ENDED_BY_DATE: _("Delningar vars tid är ute avslutade."),
        Event.CASE_HANDED_OVER: _("Ärende överlämnat till en annan enhet."),
        Event.CASES_SEARCHED: _("Sökning bland enhetens ärenden."),
        Event.PARTICIPANT_ADDED: _("Deltagare lades till i ett ärende."),
        Event.PARTICIPANT_REMOVED: _("Deltagare togs bort från ett ärende."),
        Event.HANDOVER_PROPOSED: _("Överlämning av ärenden föreslagen."),
        Event.HANDOVER_ACCEPTED: _("Överlämning av ärenden gäller."),
        Event.HANDOVER_ENDED: _("Överlämning av ärenden blev inte av."),
        Event.GLASS_BROKEN: _("Ärende nödöppnat av en kollega i enheten."),
        Event.GLASS_READ: _("Anledning till en nödöppning läst."),
        Event.GLASS_REVIEWED: _("Nödöppning granskad och signerad."),
        Event.REVIEW_DRAWN: _("Månadens läsningar valda för granskning."),
        Event.REVIEW_READ: _("Månadens läsningar visade för granskning."),
        Event.READS_JUDGED: _("Läsningar bedömda i granskningen."),
        Event.REVIEW_SIGNED: _("Månadens granskning av läsningar signerad."),
        Event.REVIEWS_PURGED: _("Gamla granskningar av läsningar borttagna."),
        Event.FILE_ATTACHED: _("Fil bifogad."),
        Event.FILE_FETCHED: _("Bifogad fil hämtad."),
        Event.FILE_REMOVED: _("Bifogad fil borttagen."),
        Event.COPY_MADE: _("Kopia till personen utskriven."),
        Event.REQUEST_REGISTERED: _("Begäran om uppgifter eller handlingar registrerad."),
        Event.REQUEST_READ: _("Begäran läst."),
        Event.REQUEST_ASSESSED: _("Begäran prövad."),
        Event.REQUEST_DECIDED: _("Begäran beslutad."),
        Event.REQUEST_WITHDRAWN: _("Begäran återtagen."),
        Event.REQUEST_ANSWERED: _("Svar på en begäran hämtat."),
    }
)
