"""Reads of the door, for the person with her code and for staff behind their walls."""
