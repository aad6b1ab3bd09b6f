"""Fitting a real queue and testing the twin against it. Knows no Django and no database.

A log of who came, waited, was served or left goes in; rates, service times, patience, staff and
who goes first come out, each with its uncertainty. The back-test fits on some days and foretells
others.
"""
