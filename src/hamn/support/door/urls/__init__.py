"""Addresses of the door: `public` for the person, `desk` for staff."""
