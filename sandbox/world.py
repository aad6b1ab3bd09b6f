"""What every handler needs: the memory, the keys, the clock, the bell and the defaults."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sandbox.keys import Keys
from sandbox.store import Store


@dataclass(frozen=True)
class Settings:
    """How the process was started. `mode` and `delay_seconds` are what a new entity begins with."""

    data: Path
    callback: str
    mode: str = "auto"
    delay_seconds: float = 4.0


@dataclass(frozen=True)
class World:
    settings: Settings
    store: Store
    keys: Keys
    bell: threading.Event = field(default_factory=threading.Event)  # rung when answers may be due

    @classmethod
    def opened(cls, settings: Settings) -> "World":
        settings.data.mkdir(parents=True, exist_ok=True)
        store = Store(settings.data / "sandbox.sqlite")
        return cls(settings, store, Keys(settings.data / "keys"))

    def seconds(self) -> float:
        return time.time()

    def now(self) -> str:
        """The moment in ISO 8601, UTC, to the millisecond."""
        return datetime.fromtimestamp(self.seconds(), UTC).isoformat(timespec="milliseconds")

    def close(self) -> None:
        self.store.close()
