"""One command a table of BENCHMARKS.md. Nothing here runs in the tests: timings are not asserted."""
