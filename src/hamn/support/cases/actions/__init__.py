"""Writes of casework: one function per verb, each past the wall and into the trail."""

from .assigning import assign_case, take_case
from .break_glass import break_glass, read_break_glass, review_break_glass
from .child_reports import (
    add_child_report,
    answer_child_report,
    change_child_report,
    drop_child_report,
    read_child_report,
    send_child_report,
)
from .children import add_child, change_child, open_case_for_child, plan_for_child
from .closing import back_to_active, close_case, reopen_case, to_follow_up
from .consents import expire_consents, give_consent, revoke_consent
from .contacts import (
    add_to_contact,
    change_contact,
    hand_to_child_coordinator,
    join_contact,
    list_contacts,
    log_contact,
    mark_answered,
    move_contact,
    recount,
    remove_contact,
    see_contact,
    take_contact,
)
from .contacts.hand import child_coordinator_of
from .copies import print_copy, read_for_copy
from .counting import shuffle_facts
from .details import erase_details, keep_details, read_details
from .disclosures import ask_disclosure, decide_disclosure, read_disclosure
from .drafts import keep_draft, purge_drafts, rescue_sent, throw_draft, throw_drafts_at
from .files import (
    attach_to_case,
    attach_to_contact,
    fetch_from_case,
    fetch_from_contact,
    remove_from_case,
    remove_from_contact,
)
from .handovers import accept_handover, end_handover, hand_over
from .identity import choose_identity, protect_identity
from .intake import take_in
from .keeping import hold_case, set_rule_class
from .letters import letter_of
from .links import link_cases, linked_cases, unlink_cases
from .mail import (
    allowed_offers,
    check_may_answer,
    has_address,
    offer_answer,
    read_address,
    remove_address,
    take_mail,
)
from .notes import (
    add_to_note,
    change_note,
    finalise_note,
    note_objection,
    remove_note,
    write_note,
)
from .opening import change_case, open_case
from .outcomes import correct_follow_up, follow_up
from .participants import add_participant, remove_participant
from .plans import (
    change_action,
    change_goal,
    change_support,
    move,
    read_support,
    write_action,
    write_goal,
    write_support,
)
from .reading import read_case, read_contact, read_names
from .records import change_record, finalise_record, move_record, write_record
from .referrals import (
    answer_referral,
    change_referral,
    correct_referral_in,
    end_referral,
    send_referral,
    take_back_referral,
    take_in_referral,
    write_referral,
)
from .requests import (
    assess_documents,
    assess_extract,
    decide_request,
    read_for_extract,
    read_request,
    register_request,
    request_file,
    withdraw_request,
)
from .reviews import draw_reviews, judge_reads, purge_reviews, read_review
from .safe_contact import (
    change_planned_contact,
    plan_contact,
    require_safe,
    set_safe_contact,
)
from .search import search_cases
from .shares import (
    check_may_hand_over,
    end_past_shares,
    end_share,
    hand_over_case,
    share_case,
)
from .situation import correct_situation, note_informed

__all__ = [
    "accept_handover",
    "add_child",
    "add_child_report",
    "add_participant",
    "add_to_contact",
    "add_to_note",
    "allowed_offers",
    "answer_child_report",
    "answer_referral",
    "ask_disclosure",
    "assess_documents",
    "assess_extract",
    "assign_case",
    "attach_to_case",
    "attach_to_contact",
    "back_to_active",
    "break_glass",
    "change_action",
    "change_case",
    "change_child",
    "change_child_report",
    "change_contact",
    "change_goal",
    "change_note",
    "change_planned_contact",
    "change_record",
    "change_referral",
    "change_support",
    "check_may_answer",
    "check_may_hand_over",
    "child_coordinator_of",
    "choose_identity",
    "close_case",
    "correct_follow_up",
    "correct_referral_in",
    "correct_situation",
    "decide_disclosure",
    "decide_request",
    "draw_reviews",
    "drop_child_report",
    "end_handover",
    "end_past_shares",
    "end_referral",
    "end_share",
    "erase_details",
    "expire_consents",
    "fetch_from_case",
    "fetch_from_contact",
    "finalise_note",
    "finalise_record",
    "follow_up",
    "give_consent",
    "hand_over",
    "hand_over_case",
    "hand_to_child_coordinator",
    "has_address",
    "hold_case",
    "join_contact",
    "judge_reads",
    "keep_details",
    "keep_draft",
    "letter_of",
    "link_cases",
    "linked_cases",
    "list_contacts",
    "log_contact",
    "mark_answered",
    "move",
    "move_contact",
    "move_record",
    "note_informed",
    "note_objection",
    "offer_answer",
    "open_case",
    "open_case_for_child",
    "plan_contact",
    "plan_for_child",
    "print_copy",
    "protect_identity",
    "purge_drafts",
    "purge_reviews",
    "read_address",
    "read_break_glass",
    "read_case",
    "read_child_report",
    "read_contact",
    "read_details",
    "read_disclosure",
    "read_for_copy",
    "read_for_extract",
    "read_names",
    "read_request",
    "read_review",
    "read_support",
    "recount",
    "register_request",
    "remove_address",
    "remove_contact",
    "remove_from_case",
    "remove_from_contact",
    "remove_note",
    "remove_participant",
    "reopen_case",
    "request_file",
    "require_safe",
    "rescue_sent",
    "review_break_glass",
    "revoke_consent",
    "search_cases",
    "see_contact",
    "send_child_report",
    "send_referral",
    "set_rule_class",
    "set_safe_contact",
    "share_case",
    "shuffle_facts",
    "take_back_referral",
    "take_case",
    "take_contact",
    "take_in",
    "take_in_referral",
    "take_mail",
    "throw_draft",
    "throw_drafts_at",
    "to_follow_up",
    "unlink_cases",
    "withdraw_request",
    "write_action",
    "write_goal",
    "write_note",
    "write_record",
    "write_referral",
    "write_support",
]
