"""Texts about people: cleaned as they are read, and given back whole when they are refused."""

from hamn.ui.forms import CleanLongText, CleanText

__all__ = ["CleanLongText", "CleanText"]
