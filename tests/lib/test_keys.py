"""Keys in files: made once, turned over, lost, damaged."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from sanad.lib.keys import (
    CIVIL,
    CIVIL_INDEX,
    KINDS,
    RECEIPT,
    KeyDamaged,
    KeyMissing,
    Keyring,
    SealBroken,
)
from tests.refusals import said

NUMBER = b"10482256"


@pytest.fixture
def keyring(tmp_path):
    return Keyring(tmp_path / "keys")


def again(keyring: Keyring) -> Keyring:
    """Another process over the same folder."""
    return Keyring(keyring.folder)


def test_an_empty_folder_gets_one_key_of_every_kind_that_only_its_user_reads(keyring):
    keyring.django_secret()

    assert keyring.names() == ["civil-1.key", "civil-index-1.key", "django-1.key", "receipt-1.key"]
    files = list(keyring.folder.glob("*.key"))
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(keyring.folder.stat().st_mode) == 0o700
    assert {file.stat().st_size for file in files} == {32}
    assert len({file.read_bytes() for file in files}) == len(KINDS)
    assert not list(keyring.folder.glob(".*-*"))


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_is_sealed_opens_and_shows_nothing(shared_ring, plain, bound):
    sealed = shared_ring.seal(plain, bound_to=bound)

    assert shared_ring.open(sealed, bound_to=bound) == plain
    assert len(plain) < 8 or plain not in sealed
    assert shared_ring.seal(plain, bound_to=bound) != sealed


@pytest.fixture(scope="module")
def shared_ring(tmp_path_factory):
    return Keyring(tmp_path_factory.mktemp("ring") / "keys")


def test_a_seal_bound_to_one_row_does_not_open_at_another(keyring):
    sealed = keyring.seal(NUMBER, bound_to=b"row 1")

    with pytest.raises(SealBroken) as caught:
        keyring.open(sealed, bound_to=b"row 2")
    said(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: b"",
        lambda sealed: sealed[:1],
        lambda sealed: sealed[:20],
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
    ],
)
def test_a_changed_or_cut_seal_does_not_open(keyring, change):
    with pytest.raises(SealBroken):
        keyring.open(change(keyring.seal(NUMBER)))


def test_after_a_rotation_old_seals_open_and_new_ones_carry_the_new_number(keyring):
    old = keyring.seal(NUMBER)

    assert keyring.rotate(CIVIL) == 2

    new = keyring.seal(NUMBER)
    assert (old[0], new[0]) == (1, 2)
    other = again(keyring)
    assert other.open(old) == other.open(new) == NUMBER
    assert other.seal(NUMBER)[0] == 2


def test_the_index_is_the_same_in_every_process_and_not_the_digest_of_the_number(keyring):
    index = keyring.index(NUMBER)

    assert again(keyring).index(NUMBER) == index
    assert index != hashlib.sha256(NUMBER).digest()
    assert keyring.index(b"10482257") != index


def test_receipts_verify_after_a_rotation_and_offline(keyring):
    version, signature = keyring.sign(b"receipt")
    assert keyring.rotate(RECEIPT) == 2
    newer, newer_signature = keyring.sign(b"receipt")

    assert (version, newer) == (1, 2)
    other = again(keyring)
    assert other.verifies(b"receipt", version=1, signature=signature)
    assert other.verifies(b"receipt", version=2, signature=newer_signature)
    assert not other.verifies(b"receipt", version=2, signature=signature)
    assert not other.verifies(b"another", version=1, signature=signature)
    assert not other.verifies(b"receipt", version=99, signature=signature)
    assert not other.verifies(b"receipt", version=1, signature=b"short")
    Ed25519PublicKey.from_public_bytes(other.public_key(1)).verify(signature, b"receipt")


@pytest.mark.parametrize("lost", [CIVIL, CIVIL_INDEX])
def test_a_lost_key_is_said_and_never_replaced_in_silence(keyring, lost):
    sealed = keyring.seal(NUMBER)
    (keyring.folder / f"{lost}-1.key").unlink()
    other = again(keyring)

    with pytest.raises(KeyMissing) as caught:
        other.open(sealed) if lost == CIVIL else other.index(NUMBER)
    assert f"The key {lost}-1.key is not in {keyring.folder}" in said(caught.value)[1]
    with pytest.raises(KeyMissing):
        other.seal(NUMBER) if lost == CIVIL else other.index(NUMBER)
    with pytest.raises(KeyMissing):
        other.rotate(lost)
    assert f"{lost}-1.key" not in other.names()


def test_a_seal_of_a_version_that_was_lost_names_the_file(keyring):
    keyring.rotate(CIVIL)
    sealed = keyring.seal(NUMBER)
    (keyring.folder / "civil-2.key").unlink()

    with pytest.raises(KeyMissing) as caught:
        again(keyring).open(sealed)
    assert "civil-2.key" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"x" * 16, b"x" * 33])
def test_a_damaged_key_is_not_used(keyring, content):
    keyring.django_secret()
    (keyring.folder / "civil-1.key").write_bytes(content)

    with pytest.raises(KeyDamaged) as caught:
        again(keyring).seal(NUMBER)
    assert "civil-1.key" in said(caught.value)[1]


def _secret(folder) -> str:
    return Keyring(folder).django_secret()


def test_makers_that_race_leave_one_key_of_each_kind(tmp_path):
    folder = tmp_path / "keys"
    with get_context("spawn").Pool(4) as pool:
        by_processes = set(pool.map(_secret, [folder] * 8))
    with ThreadPoolExecutor(8) as pool:
        by_threads = set(pool.map(_secret, [folder] * 8))

    assert by_processes == by_threads
    assert len(by_processes) == 1
    assert len(Keyring(folder).names()) == len(KINDS)


def test_makers_that_race_in_threads_on_an_empty_folder(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(_secret, [tmp_path / "keys"] * 16))) == 1


def test_tenth_and_later_versions_count_as_numbers(keyring):
    for _ in range(10):
        keyring.rotate(CIVIL)

    assert keyring.seal(NUMBER)[0] == 11
    assert again(keyring).seal(NUMBER)[0] == 11
