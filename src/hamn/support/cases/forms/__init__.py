"""Forms of casework, a file a topic."""
