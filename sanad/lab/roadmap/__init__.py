"""Initiatives, the portfolios chosen of them, the roadmap that was adopted, and its programme."""
