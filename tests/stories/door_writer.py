"""Somebody writes at the door: one message, from a process of its own.

Usage: door_writer.py SERVICE TEXT. Prints the dialogue's id.
"""

import os
import secrets
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"


def write(service: str, text: str) -> str:
    """A new dialogue with the text; its code is known to nobody."""
    from django.utils import timezone

    from hamn.support.door.actions.dialogues import open_dialogue
    from hamn.support.door.rules.codes import new_code

    row = open_dialogue(
        code=new_code(),
        text=text,
        situation="compensation",
        service=service,
        language="sv",
        is_child=False,
        origin="web",
        token=secrets.token_bytes(16),
        now=timezone.now(),
    )
    return str(row.pk)


if __name__ == "__main__":
    import django

    django.setup()
    print(write(sys.argv[1], sys.argv[2]))
