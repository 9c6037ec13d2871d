"""What the worker does for the door by the clock: neutral notices, outside its own loop's beat."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from .actions.notices import send_due_notices
from .queries.notices import is_something_due


@task()
def send_notices() -> int:
    """Send what is due; returns how many letters went out. Delivered twice, it finds none left."""
    return send_due_notices(now=timezone.now())


def wake_notices(now: datetime) -> bool:
    """Whether a task was queued: when a letter is due, and none is there for it yet."""
    from django_tasks_db.models import DBTaskResult  # the queue's table, known to the worker alone

    path = send_notices.module_path
    waits = DBTaskResult.objects.filter(task_path=path, status__in=["READY", "RUNNING"])
    if waits.exists() or not is_something_due(now):
        return False
    send_notices.enqueue()
    return True
