"""The centre's units, posts, heads, absences and cover (personal).

Owns Unit, Post, Absence, Cover. Uses the guards.
Source: requirements A28, A29, H2, Z18; SoL (2025:400) 5:3; docs/adr/0018.
"""
