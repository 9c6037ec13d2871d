"""Insight: what is learnt and shown."""
