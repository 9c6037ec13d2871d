"""What each sealed row says: the class of its content, by the row's model or kind. Pure.

One list, for whoever must not forget any of it: the impact assessment, the extract, the tests.
"""

from . import access, content, details, files, mail, requests, shares
from .kinds import KINDS

# By model; a letter's sender lies where a case's contact details do.
OF_MODEL: dict[str, type] = {
    "Case": content.CaseContent,
    "Contact": content.ContactContent,
    "ContactDetails": details.Details,
    "Sender": mail.Sender,
    "Share": shares.ShareReason,
    "BreakGlass": access.BrokenGlass,
    "Attachment": files.FileContent,
    "Request": requests.RequestContent,
}
OF_RECORD: dict[str, type] = {kind.code: kind.content for kind in KINDS.values()}
EVERY: dict[str, type] = {**OF_MODEL, **OF_RECORD}
