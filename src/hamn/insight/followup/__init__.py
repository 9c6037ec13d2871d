"""What is counted and shown (uppföljning). So far: totals published before Hamn.

Owns PublishedTotal. Uses services for their names, and the guards.
Source: requirements I1-I20, Z22-Z24.
"""
