"""What every journey stands on: committed rows, a served application, a browser."""

from tests.committed import at_ten, committed
from tests.web.browser import browser, open_page, served

__all__ = ["at_ten", "browser", "committed", "open_page", "served"]
