"""People, roles, sign-in, units' members and the permit table (behörighet). Closed by default.

Owns Person, PersonRole and UnitMembership. Uses audit. Rooms above register their permits and units
here at start-up; a unit is an opaque code.
Source: docs/adr/0014; OSL (2009:400) 4 kap. 2 §.
"""
