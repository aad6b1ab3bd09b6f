"""The demonstration's history: what the first twin says, written as the rows that verbs write."""
