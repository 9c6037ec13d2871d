"""Writes of the door: one function per verb, in files by what they are about."""
