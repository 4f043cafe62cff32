"""The store of captures: paths that cannot leave it, files that are whole, and Scrapy's other stores."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from ftplib import error_perm
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.pipelines.files import FTPFilesStore, S3FilesStore
from scrapy.settings import Settings

from linkmedia_scrapy import ConfigError, LinkMediaConfig
from linkmedia_scrapy.config import LinkMediaConfig as Config
from linkmedia_scrapy.feeds import SequentialFTPFeedStorage
from linkmedia_scrapy.stores import AtomicFolderStore, FileStore, capture_path, checksum, open_store

DEFAULT = Config().capture_path


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("https://example.com/a/b?c=d", "example.com"),
        ("https://example.com/../../etc/passwd", "example.com"),
        pytest.param(
            "http://[::1]:8000/",
            "_1_",
            marks=pytest.mark.skipif("[" not in Request("http://[::1]/").url, reason="w3lib before 2.4.1 loses the brackets"),
        ),
        ("http://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("http://a_b.example/", "a_b.example"),
        ("http://%2e%2e%2f/", "_2e_2e_2f"),
        ("http://" + "a" * 250 + ".example/", "a" * 200),
        ("http://" + "a" * 199 + ".example/", "a" * 199),
        ("http://con.example/", "_con.example"),
        ("http://aux/", "_aux"),
        ("http://com1.example/", "_com1.example"),
        ("http://com10.example/", "com10.example"),
        ("http://console.example/", "console.example"),
    ],
    ids=lambda value: value[:30],
)
def test_path_of_a_url(url, folder):
    """The host names the folder; what is no letter, digit, dot or dash becomes an underscore, and no name is one of Windows' devices."""
    path = capture_path(DEFAULT, Request(url), "pdf", "pdf", "s")
    kind, host, name = path.split("/")
    assert (kind, host) == ("pdf", folder)
    assert len(name) == 44


@given(st.text(min_size=1, max_size=60))
def test_no_url_leaves_the_store(tail):
    """Whatever a URL holds, its path has three parts, none of which leads anywhere else."""
    try:
        request = Request("http://" + tail)
    except ValueError:
        return
    parts = capture_path(DEFAULT, request, "pdf", "pdf", "s").split("/")
    assert len(parts) == 3
    assert not {"", ".", ".."} & set(parts)
    assert "\\" not in "".join(parts)
    assert all(len(part.encode()) <= 255 for part in parts)


def test_two_pages_have_two_paths():
    """A query or a body makes another page; the same request has the same path every time."""
    requests = [Request("http://a.example/?1"), Request("http://a.example/?2"), Request("http://a.example/?1", method="POST", body=b"x")]
    assert len({capture_path(DEFAULT, request, "pdf", "pdf", "s") for request in requests}) == 3
    assert capture_path(DEFAULT, requests[0], "pdf", "pdf", "s") == capture_path(DEFAULT, requests[0].copy(), "pdf", "pdf", "s")


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("/%(sha1)s.%(ext)s", "leads out"),
        ("../%(sha1)s.%(ext)s", "leads out"),
        ("a/../../%(sha1)s.%(ext)s", "leads out"),
        ("%(kind)s//%(sha1)s.%(ext)s", "leads out"),
        ("c:\\%(sha1)s.%(ext)s", "leads out"),
        ("%(kind)s.%(ext)s", "overwrite"),
        ("%(sha1)s", "overwrite"),
        ("%(url)s/%(sha1)s.%(ext)s", "it knows"),
        ("%(sha1", "it knows"),
        (3, "a path"),
    ],
)
def test_templates_that_are_refused(template, why):
    """A template that leads out of the store or gives two captures one name stops the crawl before it starts."""
    with pytest.raises(ConfigError, match=why):
        LinkMediaConfig(capture_path=template)


def test_folder_writes_whole_files_and_clears_up(tmp_path: Path):
    """A file has its name only when it is whole; what a dead process left is removed, what a living one writes is not."""
    parts = tmp_path / ".parts"
    parts.mkdir()
    old, new = parts / "1-old.part", parts / "2-new.part"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    named_meanwhile = parts / "3.part"  # as one is that another crawl renames between two looks
    named_meanwhile.symlink_to(parts / "gone")
    store = FileStore(str(tmp_path), Settings())
    named_meanwhile.unlink()
    assert [part.name for part in parts.iterdir()] == [new.name]
    asyncio.run(store.save("a/b/c.png", b"picture", "image/png"))
    asyncio.run(store.save("a/b/c.png", b"another", "image/png"))
    assert (tmp_path / "a/b/c.png").read_bytes() == b"another"
    assert [part.name for part in parts.iterdir()] == [new.name]


def test_failed_write_leaves_nothing(tmp_path: Path, monkeypatch):
    """Where the disk is full there is no file, and no part of one."""
    store = AtomicFolderStore(tmp_path)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        asyncio.run(FileStore(str(tmp_path), Settings()).save("x.png", b"data", "image/png"))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.basedir == str(tmp_path)


def test_files_in_a_new_folder_over_ftp(monkeypatch):
    """Where Scrapy's FTP store makes a folder in two steps, many files that are the first of theirs are all kept."""
    folders, kept = set(), []

    async def persist_file(self, path, *_):
        folder = path.rpartition("/")[0]
        missing = folder not in folders
        await asyncio.sleep(0)  # as it waits for the server's answer
        if missing and folder in folders:
            raise error_perm("550 File exists.")
        folders.add(folder)
        kept.append(path)

    async def save_all():
        store = FileStore("ftp://user@ftp.example:21/captures", Settings())
        await asyncio.gather(*(store.save(path, b"data", "image/png") for path in paths))

    paths = [f"{folder}/{number}.png" for number in range(3) for folder in ("a", "b/c")]
    monkeypatch.setattr(FTPFilesStore, "persist_file", persist_file)
    asyncio.run(save_all())
    assert sorted(kept) == sorted(paths)


def test_a_wrong_password_is_tried_once_a_file(monkeypatch):
    """Other answers of an FTP server may be about a folder that somebody else has just made; this one locks users out."""
    tries = []

    async def persist_file(self, path, *_):
        tries.append(path)
        raise error_perm("530 Login incorrect.")

    monkeypatch.setattr(FTPFilesStore, "persist_file", persist_file)
    with pytest.raises(error_perm):
        asyncio.run(FileStore("ftp://user:word@ftp.example/captures", Settings()).save("a/b/c.png", b"data", "image/png"))
    assert len(tries) == 1


def test_a_password_with_signs():
    """What cannot stand in a URI as it is is percent-encoded there, as in the URIs of feeds."""
    store = FileStore("ftp://me%40here:p%40ss%3A%2F@ftp.example/a", Settings())._store
    assert (store.username, store.password, store.host) == ("me@here", "p@ss:/", "ftp.example")
    store = FileStore("ftp://ftp.example/a", Settings({"FTP_USER": "100%25", "FTP_PASSWORD": "%41"}))._store
    assert (store.username, store.password) == ("100%25", "%41")


def test_feeds_go_over_ftp_one_after_the_other(monkeypatch):
    """Feeds that end at the same moment, as those of all kinds do, do not make their folder at once."""
    open_now, most = [], []

    def store(*, path, **_):
        open_now.append(path)
        most.append(len(open_now))
        time.sleep(0.005)  # the others come meanwhile, if they are let
        open_now.remove(path)

    monkeypatch.setattr("scrapy.extensions.feedexport.ftp_store_file", store)
    storages = [SequentialFTPFeedStorage(f"ftp://ftp.example/new/{name}.csv") for name in "abcdef"]
    with ThreadPoolExecutor(len(storages)) as threads:
        list(threads.map(lambda storage: storage._store_in_thread(BytesIO()), storages))
    assert most == [1] * len(storages)


@pytest.mark.parametrize(("uri", "port"), [("ftp://ftp.example/a", 21), ("ftp://user:word@ftp.example:2121/a", 2121)])
def test_an_ftp_store_needs_no_port(uri, port):
    """The URI of an FTP store may leave the port out, as URLs do."""
    assert FileStore(uri, Settings())._store.port == port


@pytest.mark.parametrize("uri", ["file://{folder}/my%20files", "file:{folder}/my%20files", "{folder}/my files"])
def test_a_folder_by_its_uri(tmp_path, uri):
    """A file: URI is read as one, as that of a feed is; a path is taken as it is."""
    FileStore(uri.format(folder=tmp_path), Settings())
    assert [entry.name for entry in tmp_path.iterdir()] == ["my files"]


def test_each_store_has_its_own_settings(monkeypatch):
    """Scrapy's stores have credentials and access rights in their classes: those of another crawl, or of ImagesPipeline, stay what they were."""
    monkeypatch.setattr(FTPFilesStore, "USE_ACTIVE_MODE", None)
    monkeypatch.setattr(S3FilesStore, "POLICY", "public-read")  # as IMAGES_STORE_S3_ACL may say
    stores = [FileStore("ftp://ftp.example/a", Settings({"FEED_STORAGE_FTP_ACTIVE": active}))._store for active in (True, False)]
    assert [store.USE_ACTIVE_MODE for store in (*stores, FTPFilesStore)] == [True, False, None]
    assert S3FilesStore.POLICY == "public-read"


def test_keys_in_the_uri_of_s3_are_refused():
    """Scrapy's store takes them for the bucket's name, and each file would fail with them in its error."""
    with pytest.raises(
        ConfigError, match=r"^LINKMEDIA_STORE = 's3://key:\*\*\*@b/x': .*: keys belong in AWS_ACCESS_KEY_ID and AWS_SECRET_A"
    ):
        open_store(LinkMediaConfig(store="s3://key:secret@b/x"), Settings())


def test_unknown_scheme_is_refused():
    """A store that nobody knows is no folder of that name."""
    with pytest.raises(ConfigError, match=r"^LINKMEDIA_STORE = 'gopher://x/y': ValueError: no store for gopher:$"):
        open_store(LinkMediaConfig(store="gopher://x/y"), Settings())


def test_a_folder_of_another_account_is_refused(tmp_path, monkeypatch):
    """A store that is there and may not be written to would fail for each file."""
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)  # root may write anywhere
    with pytest.raises(ConfigError, match=r"LINKMEDIA_STORE = .*: PermissionError: \[Errno 13\] Permission denied: '.*parts'$"):
        open_store(LinkMediaConfig(store=str(tmp_path)), Settings())


def test_a_library_that_is_missing(monkeypatch):
    """The line says what to install."""
    monkeypatch.setitem(sys.modules, "google", None)
    with pytest.raises(ConfigError, match=r"LINKMEDIA_STORE = 'gs://b/x': .*: pip install 'linkmedia-scrapy\[gcs\]'"):
        open_store(LinkMediaConfig(store="gs://b/x"), Settings())


def test_checksum_is_that_of_media_pipelines():
    """MD5, as in the `files` field of Scrapy's FilesPipeline and in S3's ETag."""
    assert checksum(b"file content to hash") == "784406af91dd5a54fbb9c84c2236595a"
