"""The demonstration's history: the twin's story, written as the rows that verbs write."""
