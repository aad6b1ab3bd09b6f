"""Each entity signs with its own Ed25519 key, made at first use, kept in the data folder."""

import base64
import threading
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


class Keys:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._known: dict[str, Ed25519PrivateKey] = {}
        self._lock = threading.Lock()

    def sign(self, entity: str, message: bytes) -> str:
        """The signature over exactly these bytes, in base64."""
        return base64.b64encode(self._key(entity).sign(message)).decode()

    def public(self, entity: str) -> str:
        """The 32 bytes of the public key, in base64."""
        key = self._key(entity).public_key()
        return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def _key(self, entity: str) -> Ed25519PrivateKey:
        with self._lock:
            if entity not in self._known:
                self._known[entity] = self._load_or_make(self._folder / f"{entity}.pem")
            return self._known[entity]

    def _load_or_make(self, path: Path) -> Ed25519PrivateKey:
        if path.exists():
            key = load_pem_private_key(path.read_bytes(), password=None)
            assert isinstance(key, Ed25519PrivateKey), f"{path} is not an Ed25519 key"
            return key
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        # Written whole and then renamed: a kill in between leaves no half key.
        half = path.with_suffix(".new")
        half.touch(mode=0o600)
        half.write_bytes(pem)
        half.replace(path)
        return key
