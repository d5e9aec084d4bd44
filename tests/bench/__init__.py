"""Benchmarks: how well it finds and quotes, and how fast. Not part of the test run."""
