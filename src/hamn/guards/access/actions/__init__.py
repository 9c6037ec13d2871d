"""Writes of people: one file for each sort of verb."""

from .joining import add_person, come_back, invite, invite_again
from .leaving import leave
from .links import deliver_link, first_link, request_link
from .passwords import prepare_demo_sign_in, save_password, set_password
from .roles import change_roles
from .second_factor import (
    check_may_enrol,
    check_may_remove,
    record_recovery_codes,
    record_second_factor,
    record_second_factor_removed,
    reset_second_factor,
)
from .sessions import end_other_sessions, end_session
from .signing_in import Why, record_failed_sign_in, record_sign_in, record_sign_out
from .units import accept_headship, check_not_last, end_member, grant_member, propose_member

__all__ = [
    "Why",
    "accept_headship",
    "add_person",
    "change_roles",
    "check_may_enrol",
    "check_may_remove",
    "check_not_last",
    "come_back",
    "deliver_link",
    "end_member",
    "end_other_sessions",
    "end_session",
    "first_link",
    "grant_member",
    "invite",
    "invite_again",
    "leave",
    "prepare_demo_sign_in",
    "propose_member",
    "record_failed_sign_in",
    "record_recovery_codes",
    "record_second_factor",
    "record_second_factor_removed",
    "record_sign_in",
    "record_sign_out",
    "request_link",
    "reset_second_factor",
    "save_password",
    "set_password",
]
