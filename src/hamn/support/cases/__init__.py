"""The people who are helped: contacts, cases, notes, plans, referrals, outcomes (ärenden).

Owns Case, Contact, Record and what belongs to them, sealed; and Fact, identity-free.
Source: requirements B, C1, I, K6, Z4-Z7, Z28, Z30; docs/law.md sections 1 and 4; docs/adr/0023.
"""
