"""The fits of a queue and the back-test: against offices whose rules are known, and the bank."""
