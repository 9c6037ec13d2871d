"""Addresses of the plan, of follow-ups, and of the end of a case."""

from django.urls import path

from ..views import closing, outcomes, plans

_PLAN = "<uuid:case_id>/plan/"
paths = [
    path("stod/", plans.support, name="support"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}mal/", plans.write_goal, name="write_goal"),
    path(f"{_PLAN}mal/<uuid:record_id>/", plans.change_goal, name="change_goal"),
    path(f"{_PLAN}mal/<uuid:record_id>/lage/", plans.move_goal, name="move_goal"),
    path(f"{_PLAN}aktivitet/", plans.write_action, name="write_action"),
    path(f"{_PLAN}aktivitet/<uuid:record_id>/", plans.change_action, name="change_action"),
    path(f"{_PLAN}aktivitet/<uuid:record_id>/lage/", plans.move_action, name="move_action"),
    path(f"{_PLAN}stod/", plans.write_support, name="write_support"),
    path(f"{_PLAN}stod/<uuid:record_id>/", plans.change_support, name="change_support"),
    path(f"{_PLAN}stod/<uuid:record_id>/lage/", plans.move_support, name="move_support"),
    path("<uuid:case_id>/uppfoljning/", outcomes.follow_up, name="follow_up"),
    path(
        "<uuid:case_id>/uppfoljning/<uuid:record_id>/",
        outcomes.correct_follow_up,
        name="correct_follow_up",
    ),
    path("<uuid:case_id>/avsluta/", closing.close_case, name="close_case"),
    path("<uuid:case_id>/oppna-igen/", closing.reopen_case, name="reopen_case"),
    path("<uuid:case_id>/till-uppfoljning/", closing.to_follow_up, name="to_follow_up"),
    path("<uuid:case_id>/pagar-igen/", closing.back_to_active, name="back_to_active"),
]
