"""The public addresses, under `/` in Swedish and `/en/` … in other languages (namespace `door`).

The root that includes them (hamn.site.door.urls) gives them their namespace and closes them to
every request that is not a reader's own; no view here knows who asks.
"""

from django.urls import URLPattern, URLResolver

from . import booking as times
from . import conversation
from . import information as pages

# Each part of the public face in a list of its own; whoever adds a part adds its line.
information: list[URLPattern | URLResolver] = [*pages.paths]
dialogue: list[URLPattern | URLResolver] = [*conversation.paths]
booking: list[URLPattern | URLResolver] = [*times.paths]

urlpatterns = [*information, *dialogue, *booking]
