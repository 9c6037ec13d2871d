"""Reads of casework; the viewer comes first, and the walls stand before every key."""
