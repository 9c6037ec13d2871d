"""Pure Python for every room: money, dates, numbers, words for errors. No Django, no room."""
