#!/usr/bin/env python
"""Django's own command line, for whoever develops. `bin/sanad` is the one people use."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanad.settings")
    execute_from_command_line(sys.argv)
