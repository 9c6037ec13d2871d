"""Rows of casework: plain where lists and duties need it, sealed in everything else."""

from .cases import BreakGlass, Case, CaseRead, Participant, Share
from .contacts import Contact, ContactDetails, Draft
from .facts import Fact
from .files import Attachment, AttachmentPart
from .handovers import HandedCase, Handover
from .records import Record
from .requests import Request
from .reviews import AccessReview, ReviewedRead

__all__ = [
    "AccessReview",
    "Attachment",
    "AttachmentPart",
    "BreakGlass",
    "Case",
    "CaseRead",
    "Contact",
    "ContactDetails",
    "Draft",
    "Fact",
    "HandedCase",
    "Handover",
    "Participant",
    "Record",
    "Request",
    "ReviewedRead",
    "Share",
]
