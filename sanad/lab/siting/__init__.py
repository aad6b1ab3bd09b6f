"""Where centres should stand: p-median, coverage, catchment and capacity, solved with proof.

Knows no Django and no database: matrices and data files in, answers with their bound out.
"""
