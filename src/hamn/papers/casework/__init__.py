"""The papers of the casework: typed data in, PDF/A and PDF/UA out; no room, no rule, no clock.

child_report (orosanmälan), case_copy (kopia till personen), data_extract (registerutdrag),
referral (remiss), disposal_certificate (gallringsintyg), disclosure (beslut om utlämnande).
Source: docs/adr/0021 and 0023; OSL (2009:400) 5 kap. 5 §.
"""
