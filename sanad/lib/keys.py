"""Keys in files: where they lie, how they are made, turned over and lost. See docs/keys.md.

A kind of key has numbered versions, `civil-1.key`, `civil-2.key`. The highest number seals and
signs; every number opens and verifies. A key is made the first time it is asked for, readable
by its user alone, and never leaves its folder.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sanad.lib.refusal import N_, Refused

KEY_BYTES = 32
NONCE_BYTES = 12
CIVIL, CIVIL_INDEX, RECEIPT = "civil", "civil-index", "receipt"


class KeyMissing(Refused):
    code = "keys.missing"
    sentence = N_(
        "The key {name} is not in {folder}, so what it protects cannot be opened. "
        "Restore the keys folder from its backup; docs/keys.md says how."
    )


class SealBroken(Refused):
    code = "keys.seal_broken"
    sentence = N_(
        "A protected value does not open with its key: it was changed, or belongs elsewhere. "
        "Tell the administrator; nothing was shown."
    )


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation. Bytes in, bytes out; nothing here knows what they mean."""

    folder: Path

    def seal(self, plain: bytes, *, bound_to: bytes = b"") -> bytes:
        """AES-256-GCM: version (1 byte), nonce (12), ciphertext. `bound_to` must match to open."""
        version = self._newest(CIVIL)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._key(CIVIL, version)).encrypt(nonce, plain, bound_to)
        return bytes([version]) + nonce + sealed

    def open(self, sealed: bytes, *, bound_to: bytes = b"") -> bytes:
        """The reverse of `seal`. Raises `KeyMissing` or `SealBroken`."""
        version, nonce, rest = sealed[0], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return AESGCM(self._key(CIVIL, version)).decrypt(nonce, rest, bound_to)
        except InvalidTag as error:
            raise SealBroken from error

    def index(self, plain: bytes) -> bytes:
        """HMAC-SHA-256 under a key of its own: equality can be asked, the value cannot be read."""
        code = hmac.HMAC(self._key(CIVIL_INDEX, self._newest(CIVIL_INDEX)), hashes.SHA256())
        code.update(plain)
        return code.finalize()

    def sign(self, message: bytes) -> tuple[int, bytes]:
        """Ed25519: the key's version and the 64-byte signature."""
        version = self._newest(RECEIPT)
        return version, self._signer(version).sign(message)

    def verifies(self, message: bytes, *, version: int, signature: bytes) -> bool:
        try:
            self._signer(version).public_key().verify(signature, message)
        except (InvalidSignature, KeyMissing):
            return False
        return True

    def public_key(self, version: int) -> bytes:
        """The 32 raw bytes that anybody needs to verify a receipt offline."""
        return _raw(self._signer(version).public_key())

    def django_secret(self) -> str:
        return self._key("django", self._newest("django")).hex()

    def rotate(self, kind: str) -> int:
        """A new version of a key beside the old ones; its number."""
        version = max(self._versions(kind), default=0) + 1
        self._make(kind, version)
        self._newest_seen[kind] = version
        return version

    def names(self) -> list[str]:
        """The key files that are there, without their contents."""
        return sorted(file.name for file in self.folder.glob("*.key"))

    def _signer(self, version: int) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._key(RECEIPT, version))

    @cached_property
    def _cache(self) -> dict[tuple[str, int], bytes]:
        return {}

    @cached_property
    def _newest_seen(self) -> dict[str, int]:
        return {}

    def _key(self, kind: str, version: int) -> bytes:
        if (kind, version) not in self._cache:
            file = self._file(kind, version)
            if not file.exists():
                raise KeyMissing(name=file.name, folder=self.folder)
            self._cache[kind, version] = file.read_bytes()
        return self._cache[kind, version]

    def _newest(self, kind: str) -> int:
        if kind not in self._newest_seen:
            if not self._versions(kind):
                self._make(kind, 1)
            self._newest_seen[kind] = self._versions(kind)[-1]
        return self._newest_seen[kind]

    def _versions(self, kind: str) -> list[int]:
        found = (file.stem.removeprefix(f"{kind}-") for file in self.folder.glob(f"{kind}-*.key"))
        return sorted(int(number) for number in found if number.isdigit())

    def _file(self, kind: str, version: int) -> Path:
        return self.folder / f"{kind}-{version}.key"

    def _make(self, kind: str, version: int) -> None:
        """Written beside its place and linked there, so that two makers leave one whole key."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.folder / f".{kind}-{version}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(draft, self._file(kind, version))
        except FileExistsError:
            pass
        finally:
            draft.unlink()


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
