"""Siting: p-medians against brute force, the network's programs, and their laws."""
