"""Who exists: municipalities, parties, contact persons."""
