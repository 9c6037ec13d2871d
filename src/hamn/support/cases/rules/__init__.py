"""Rules of casework, pure: what a sealed record says, its states, dates, and what is counted."""
