"""Addresses of consultations: the public face's and the desk's, each its own list."""
