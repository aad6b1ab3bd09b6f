"""Keys in files: where they lie, how they are made, turned over and lost. See docs/keys.md.

A kind of key has numbered versions, `civil-1.key`, `civil-2.key`. The highest number seals and
signs; every number opens and verifies. An empty folder gets one key of every kind at once, each
readable by its user alone; in a folder that has keys, one that is missing was lost, and is never
replaced in silence.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hmac import compare_digest
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sanad.lib.refusal import N_, Refused

KEY_BYTES = 32
NONCE_BYTES = 12
SHORTEST_SEALED = 1 + NONCE_BYTES + 16  # version, nonce, and the mark of an empty text
CIVIL, CIVIL_INDEX, RECEIPT, DJANGO = KINDS = ("civil", "civil-index", "receipt", "django")


class KeyMissing(Refused):
    code = "keys.missing"
    sentence = N_(
        "The key {name} is not in {folder}, so what it protects cannot be opened. "
        "Restore the keys folder from its backup; docs/keys.md says how."
    )


class KeysFolderClosed(Refused):
    code = "keys.folder_closed"
    sentence = N_(
        "The keys cannot be made in {folder}: {why}. Set SANAD_VAR to a folder of your own."
    )


class KeyDamaged(Refused):
    code = "keys.damaged"
    sentence = N_(
        "The key {name} in {folder} is not {wanted} bytes long, so it is not the key it was. "
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
        """The reverse of `seal`. Raises `KeyMissing`, `KeyDamaged` or `SealBroken`."""
        if len(sealed) < SHORTEST_SEALED:
            raise SealBroken
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

    def sign_many(self, messages: Iterable[bytes]) -> tuple[int, list[bytes]]:
        """As `sign`, for many: one version, and a signature each."""
        version = self._newest(RECEIPT)
        signer = self._signer(version)
        return version, [signer.sign(message) for message in messages]

    def genuine(self, signed: Iterable[tuple[bytes, int, bytes]]) -> Iterator[bool]:
        """Whether each (message, version, signature) is ours, in a third of the time of `verifies`.

        Ed25519 is deterministic (RFC 8032, 5.1.6): whoever has the key signs again and compares.
        """
        signers: dict[int, Ed25519PrivateKey | None] = {}
        for message, version, signature in signed:
            if version not in signers:
                try:
                    signers[version] = self._signer(version)
                except KeyMissing:
                    signers[version] = None
            signer = signers[version]
            yield signer is not None and compare_digest(signer.sign(message), signature)

    def verifies(self, message: bytes, *, version: int, signature: bytes) -> bool:
        try:
            self._signer(version).public_key().verify(signature, message)
        except (InvalidSignature, KeyMissing):
            return False
        return True

    def public_key(self, version: int) -> bytes:
        """The 32 raw bytes that anybody needs to verify a receipt offline."""
        return _raw(self._signer(version).public_key())

    def fingerprint(self) -> str:
        """Names the set without giving it away: SHA-256 over the first keys that seal and find."""
        self._newest(CIVIL)  # an empty folder gets its keys
        first = self._key(CIVIL, 1) + self._key(CIVIL_INDEX, 1)
        return hashlib.sha256(b"sanad fingerprint" + first).hexdigest()

    def django_secret(self) -> str:
        """What Django signs its cookies with."""
        return self._key(DJANGO, self._newest(DJANGO)).hex()

    def rotate(self, kind: str) -> int:
        """A new version of a key beside the old ones; its number."""
        version = self._newest(kind) + 1
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
            key = file.read_bytes()
            if len(key) != KEY_BYTES:
                raise KeyDamaged(name=file.name, folder=self.folder, wanted=KEY_BYTES)
            self._cache[kind, version] = key
        return self._cache[kind, version]

    def _newest(self, kind: str) -> int:
        if kind not in self._newest_seen:
            if not self._versions(kind):
                self._make_all_in_an_empty_folder()
            if not self._versions(kind):
                raise KeyMissing(name=self._file(kind, 1).name, folder=self.folder)
            self._newest_seen[kind] = self._versions(kind)[-1]
        return self._newest_seen[kind]

    def _versions(self, kind: str) -> list[int]:
        found = (file.stem.removeprefix(f"{kind}-") for file in self.folder.glob(f"{kind}-*.key"))
        return sorted(int(number) for number in found if number.isdigit())

    def _file(self, kind: str, version: int) -> Path:
        return self.folder / f"{kind}-{version}.key"

    def _make_all_in_an_empty_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise KeysFolderClosed(folder=self.folder, why=error.strerror) from error
        with (self.folder / ".making").open("w") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)
            for kind in () if self.names() else KINDS:
                self._make(kind, 1)

    def _make(self, kind: str, version: int) -> None:
        """Written beside its place and linked there, so that two makers leave one whole key."""
        draft = self.folder / f".{kind}-{version}.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        with draft.open("wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            with suppress(FileExistsError):
                os.link(draft, self._file(kind, version))
        finally:
            draft.unlink()


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
