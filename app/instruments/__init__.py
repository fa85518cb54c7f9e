"""Instruments, clusters, indicators, questions, and the evaluation cycles that use them."""
