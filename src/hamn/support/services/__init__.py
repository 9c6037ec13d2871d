"""The services that the centre offers, and who is entitled to them (verksamheter).

Owns Service, TurnedAwayEvent, TurnedAwayFact. Uses agreements, organisations and the guards.
Source: agreement template 2021 §§ 3-4; requirements B1-B37, C1, I26, Z4-Z6, Z30; docs/adr/0019.
"""
