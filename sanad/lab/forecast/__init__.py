"""Where a yearly series goes, with a band, and how far such bands held on years that were hidden.

`walk` holds the method, `trial` chooses it by years that were known and tries it on later ones,
`series` has the portal's years. No Django in here.
"""
