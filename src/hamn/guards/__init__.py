"""What every room stands behind. Knows people, and everything else only as opaque ids."""
