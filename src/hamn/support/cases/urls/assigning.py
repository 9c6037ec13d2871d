"""Addresses of who is responsible for a case, and of handing over a caseload."""

from django.urls import path

from ..views import assigning, handovers

paths = [
    path("<uuid:case_id>/ansvarig/", assigning.assign_case, name="assign_case"),
    path("<uuid:case_id>/ta/", assigning.take_case, name="take_case"),
    path("overlamna/", handovers.hand_over, name="hand_over"),
    path(
        "overlamna/<uuid:handover_id>/ta-emot/", handovers.accept_handover, name="accept_handover"
    ),
    path("overlamna/<uuid:handover_id>/avsluta/", handovers.end_handover, name="end_handover"),
]
