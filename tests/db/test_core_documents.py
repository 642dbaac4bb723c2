"""Stored documents: found under their own hash only, never half written, never handed out when altered."""

import pytest

from trustfund.core import documents


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_file_lies_under_its_own_hash_and_kind_and_storing_it_again_changes_nothing():
    sha256 = documents.store(b"<Document/>", documents.XML)
    path = documents.path_of(sha256, documents.XML)
    before = path.stat().st_ino

    assert documents.store(b"<Document/>", documents.XML) == sha256
    assert (path.name, path.stat().st_ino) == (f"{sha256}.xml", before)
    assert documents.read(sha256, documents.XML) == b"<Document/>"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_what_was_altered_or_is_gone_is_not_handed_out():
    sha256 = documents.store(b"<Document/>", documents.XML)
    path = documents.path_of(sha256, documents.XML)
    path.chmod(0o640)
    path.write_bytes(b"<Document></Document>")

    with pytest.raises(documents.DocumentAltered):
        documents.read(sha256, documents.XML)
    with pytest.raises(documents.DocumentAltered):
        documents.read(sha256, documents.PDF)
