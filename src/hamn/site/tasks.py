"""Work of the site's own pages that a request does not wait for."""

from typing import Any

from django.conf import settings
from django_tasks import task

from hamn.guards.audit import queries as audit


@task()
def verify_trail() -> dict[str, Any]:
    """What a verification of the whole trail found, as plain data that a page can show."""
    verdict = audit.verify(settings.TRAIL_HEADS)
    return {
        "entries": verdict.entries,
        "anchored": min(verdict.anchored, verdict.entries),
        "unanchored": verdict.unanchored,
        "has_heads": verdict.heads > 0,
        "is_sound": verdict.is_sound,
        "missing_triggers": list(verdict.missing_triggers),
        "findings": [
            {"fault": one.fault.value, "place": one.place, "other": one.other}
            for one in verdict.findings
        ],
    }
