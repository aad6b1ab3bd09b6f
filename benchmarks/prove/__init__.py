"""What a promise is worth is shown by breaking things: `bin/sanad prove`, docs/proofs.md.

Each proof works on a database of its own, counts the faults that it injected, and has a negative
control: with the mechanism switched off it must find what goes wrong.
"""
