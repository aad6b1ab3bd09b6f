"""A stand-in for everybody Sanad talks to: the entities, the payment provider, the SMS gateway.

It runs as a process of its own, is spoken to over HTTP only, and imports nothing of `sanad`, so
that nothing can be agreed behind HTTP's back. `docs/sandbox.md` describes what it answers.
"""
