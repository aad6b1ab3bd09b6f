"""The worked example: what the real series shows, its studies, and what might be done."""
