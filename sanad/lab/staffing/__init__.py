"""How many people centres need and when, which hours pay, and who works when. Knows no Django."""
