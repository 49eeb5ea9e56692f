"""Benchmarks: each compares our path with the best bare one, interleaved in one process."""
