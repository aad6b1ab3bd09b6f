"""Small pure files with one idea each. Nothing here knows Django, a database or a clock."""
