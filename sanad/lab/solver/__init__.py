"""HiGHS as siting and portfolios use it. No Django."""
