"""Sanad (سند): a network of assisted-service centres, and the Lab that improves it."""
