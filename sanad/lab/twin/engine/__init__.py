"""The core of the twin: queues of the whole network, computed. Knows no Django and no database.

Times are seconds of the session's own clock, as floats; a session is one stretch of opening hours
of one centre. Records come out, one entry a customer; every figure is counted after.
"""
