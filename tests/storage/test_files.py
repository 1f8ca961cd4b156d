"""The object store in a folder."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Broken
from storage.files import DirectoryObjects


@given(data=st.binary(max_size=5000))
def test_bytes_come_back_under_their_sha256(tmp_path_factory, data):
    objects = DirectoryObjects(tmp_path_factory.mktemp("objects"))
    name = objects.put(data)
    assert name == hashlib.sha256(data).hexdigest()
    assert objects.get(name) == data
    assert list(objects.names()) == [name]


def test_a_file_is_kept_under_the_same_name_as_its_bytes(tmp_path):
    objects = DirectoryObjects(tmp_path / "objects")
    (tmp_path / "scan").write_bytes(b"x" * 3_000_000)
    assert objects.put_file(tmp_path / "scan") == objects.put(b"x" * 3_000_000)


def test_an_altered_object_is_noticed_and_mended_by_putting_it_again(tmp_path):
    objects = DirectoryObjects(tmp_path)
    name = objects.put(b"original")
    objects.path(name).write_bytes(b"forgery!")
    assert not objects.intact(name)
    with pytest.raises(Broken):
        objects.get(name)
    objects.put(b"original")
    assert objects.get(name) == b"original"


def test_a_missing_object_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(Broken, match="Restore it from the backup"):
        DirectoryObjects(tmp_path).get("0" * 64)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path):
    objects = DirectoryObjects(tmp_path / "objects")
    with pytest.raises(IsADirectoryError):
        objects.put_file(tmp_path)
    assert not list(objects.names())
    assert list((tmp_path / "objects" / "new").iterdir()) == []
