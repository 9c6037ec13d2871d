"""Puts the house together: settings, rooms, command line; later the roots of the three faces."""
