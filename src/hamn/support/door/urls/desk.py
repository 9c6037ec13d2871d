"""Addresses of the door's desk side, under /desk/. An address names a random id and nothing else.

Each part keeps its own: the inbox, booking (times), deletion (keeping), the public texts (texts).
"""

from . import inbox, keeping, texts, times

app_name = "door"
urlpatterns = [*inbox.paths, *times.paths, *keeping.paths, *texts.paths]
