"""Support: the people who are helped."""
