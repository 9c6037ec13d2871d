"""The desk: the face for the centre's own staff, under /desk/."""
