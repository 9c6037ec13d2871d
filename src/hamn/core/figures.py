"""What a count may tell to those whom it does not concern (law section 4, rule 6)."""

# Outside the unit a smaller count might tell that there is someone at all.
LEAST_SHOWN = 5


def if_many(count: int) -> int | None:
    """The count, or None for one so small that nothing is told, not even that there is none."""
    return count if count >= LEAST_SHOWN else None
