"""Pages of the door, for the person and for staff."""
