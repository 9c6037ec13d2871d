"""Rules of consultations: their words, what looks like a client's identity, days, and counts."""
