"""A database and its keys belong together."""

import pytest
from django.conf import settings

from sanad.db import own_keys
from sanad.lib.keys import Keyring

pytestmark = pytest.mark.django_db


def test_the_keys_it_was_made_with_are_known() -> None:
    own_keys.require(settings.SANAD_KEYS)


def test_another_set_of_keys_is_refused_by_its_folder(tmp_path) -> None:
    Keyring(tmp_path).django_secret()
    with pytest.raises(own_keys.OtherKeys, match=str(tmp_path)):
        own_keys.require(tmp_path)


def test_the_fingerprint_survives_turning_keys_over(tmp_path) -> None:
    keys = Keyring(tmp_path)
    keys.django_secret()
    before = keys.fingerprint()
    keys.rotate("civil")
    assert Keyring(tmp_path).fingerprint() == before
