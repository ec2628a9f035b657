"""Benchmarks of Posada: what a run costs, by size and by severity. ``python -m bench`` runs them."""
