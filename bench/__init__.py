"""The measurements behind docs/performance.md; `make bench` runs them, the tests never do."""
