"""Typed data in, papers and exports out; nothing about who or why. Imports only core."""
