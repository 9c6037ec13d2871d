"""The door (dörren): public information, the sealed dialogue, and booking.

Owns Dialogue, Message and what belongs to them, sealed; Slot and Booking; PageText; and
DialogueFact, identity-free. Uses cases, services and the vault.
Source: requirements B1-B8, M7, Z4, Z6, Z7; docs/law.md section 1; docs/adr/0024.
"""
