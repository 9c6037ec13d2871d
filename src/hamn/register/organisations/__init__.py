"""Municipalities, their population, the parties and their contact persons (organisationer).

Owns County, Municipality, Population, Party, ContactPerson. Uses the guards.
Source: agreement template 2021 § 1; requirements A1-A3, A11, F1, Z1-Z3, Z20.
"""
