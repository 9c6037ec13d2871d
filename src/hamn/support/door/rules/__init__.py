"""Rules of the door: codes and keys, hours, routing, what is kept and for how long. No Django."""
