"""Consultations to professionals (konsultationer): asked for, answered, logged, counted.

Owns Consultation, sealed, and ConsultationFact, identity-free. Uses the door's limits, services
and the vault. No client is named here: what looks like one is refused before it is stored.
Source: agreement template 2021 § 4; requirements B25, B30, C2, C6, I8, I24, Z5.
"""
