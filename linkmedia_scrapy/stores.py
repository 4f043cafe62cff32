"""Where captures, downloads and table files go: Scrapy's file stores, with a folder whose files appear whole or not at all."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import time
from contextlib import suppress
from errno import EACCES
from ftplib import FTP_PORT, error_perm
from hashlib import md5, sha1
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from scrapy.pipelines.files import FilesPipeline, FSFilesStore, FTPFilesStore
from scrapy.utils.defer import ensure_awaitable

from linkmedia_scrapy.config import PREFIX
from linkmedia_scrapy.errors import ConfigError, FailureKinds, how_to_install, one_line
from linkmedia_scrapy.extraction.urls import host_of

if TYPE_CHECKING:
    from scrapy.http import Request
    from scrapy.settings import BaseSettings

    from linkmedia_scrapy.config import LinkMediaConfig

__all__ = ["AtomicFolderStore", "FailureLog", "FileStore", "capture_path", "checksum", "open_store"]

logger = logging.getLogger(__name__)

_PARTS: Final = ".parts"
_STALE_SECONDS: Final = 600
"""An unfinished file that nobody has written to for so long belongs to a process that is gone."""
_UNSAFE: Final = re.compile(r"[^a-z0-9.-]+")
_DEVICE: Final = re.compile(r"(?:aux|con|nul|prn|com[0-9]|lpt[0-9])(?:\.|$)")
"""Names that Windows has for devices, whatever stands behind a dot (https://learn.microsoft.com/windows/win32/fileio/naming-a-file)."""


class AtomicFolderStore(FSFilesStore):
    """Scrapy's folder store, except that a file is written aside, forced to disk, and then given its name.

    :raises OSError: where the folder cannot be made, or, as that of another account, not be written to.
    """

    def __init__(self, basedir: str | os.PathLike[str]) -> None:
        super().__init__(basedir)
        self._parts = Path(self.basedir) / _PARTS
        self._parts.mkdir(exist_ok=True)
        if not os.access(self._parts, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES), str(self._parts))
        self._numbers = count()
        for part in self._parts.iterdir():
            with suppress(FileNotFoundError):  # another crawl has just given it its name
                if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                    part.unlink()

    def persist_file(
        self,
        path: str | os.PathLike[str],
        buf: BytesIO,
        info: Any,  # noqa: ARG002 - the interface of Scrapy's stores
        meta: dict[str, Any] | None = None,  # noqa: ARG002
        headers: dict[str, str] | None = None,  # noqa: ARG002
    ) -> None:
        """Write a file, whole or not at all.

        :raises OSError: where the disk does not take it.
        """
        final = self._get_filesystem_path(path)
        final.parent.mkdir(parents=True, exist_ok=True)
        part = self._parts / f"{os.getpid()}-{id(self):x}-{next(self._numbers)}.part"
        try:
            with part.open("xb") as file:
                file.write(buf.getbuffer())
                file.flush()
                os.fsync(file.fileno())
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)


class FileStore:
    """A place for files, by the URI of ``LINKMEDIA_STORE``.

    :raises Exception: whatever the store has to say where it cannot be used; `open_store` makes one line of it.
    """

    def __init__(self, uri: str, settings: BaseSettings) -> None:
        self._store = _open(uri, settings)
        self._in_thread = isinstance(self._store, AtomicFolderStore)
        self._base: str | None = self._store.basedir if isinstance(self._store, FTPFilesStore) else None

    async def save(self, path: str, data: bytes, mime_type: str) -> None:
        """Keep a file; once this returns, it is there as a whole.

        :raises Exception: whatever the store has to say.
        """
        # over FTP a folder is looked for, and made where it is missing: of two who do that at once one fails, and finds it the next time
        for _ in Path(f"{self._base}/{path}").parents if self._base is not None else ():
            try:
                await self._persist(path, data, mime_type)
            except error_perm as error:
                if str(error).startswith("53"):  # who asks again and again with a wrong password is locked out
                    raise
            else:
                return
        await self._persist(path, data, mime_type)

    async def _persist(self, path: str, data: bytes, mime_type: str) -> None:
        buffer = BytesIO(data)
        headers = {"Content-Type": mime_type}
        if self._in_thread:
            await asyncio.to_thread(self._store.persist_file, path, buffer, None, None, headers)
        else:
            await ensure_awaitable(self._store.persist_file(path, buffer, None, None, headers))


class FailureLog:
    """Says what a store does not take."""

    def __init__(self) -> None:
        self._kinds = FailureKinds()

    def add(self, what: str, error: Exception) -> None:
        """Log a failure, all but the first of its kind at level DEBUG."""
        level = self._kinds.level(error)
        more = " (the next of these are logged at level DEBUG)" if level == logging.ERROR else ""
        logger.log(level, "Storing %s failed: %s: %s%s", what, type(error).__name__, error, more)


def open_store(config: LinkMediaConfig, settings: BaseSettings) -> FileStore:
    """The store that the settings name.

    :raises ConfigError: where it cannot be used: no such folder can be made, the URI's scheme is unknown, what it needs is not installed.
    """
    try:
        return FileStore(config.store or "", settings)
    except Exception as error:
        why = one_line(error) + how_to_install(urlsplit(config.store or "").scheme, error)
        raise ConfigError(f"{PREFIX}STORE = {config.store!r}: {type(error).__name__}: {why}") from error


def _open(uri: str, settings: BaseSettings) -> Any:
    scheme = "" if Path(uri).is_absolute() else urlsplit(uri).scheme
    if scheme == "file":  # Scrapy's store leaves the percent signs in; for feeds it does not
        uri = unquote(uri.partition(":")[2].removeprefix("//"))
    if scheme in ("", "file"):
        return AtomicFolderStore(uri)
    if scheme not in FilesPipeline.STORE_SCHEMES:
        raise ValueError(f"no store for {scheme}:")
    parts = urlsplit(uri)
    if scheme == "s3" and parts.username:  # Scrapy takes them for a part of the bucket's name
        raise ValueError("keys belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    # Credentials and access rights are attributes of the classes, which each of Scrapy's media pipelines fills from its settings: classes
    # of our own have neither those of the project's ImagesPipeline, nor of another crawl, and leave these as they are
    stores = {name: type(store.__name__, (store,), {}) for name, store in FilesPipeline.STORE_SCHEMES.items()}
    if hasattr(FilesPipeline, "_update_stores"):
        type("Stores", (FilesPipeline,), {"STORE_SCHEMES": stores})._update_stores(settings)  # type: ignore[attr-defined]  # noqa: SLF001
    if scheme in ("s3", "gs") and not uri.endswith("/"):
        uri += "/"  # the stores put a file's path right behind
    if scheme == "ftp" and parts.port is None:
        uri = parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{FTP_PORT}").geturl()  # the store asserts that there is one
    store = stores[scheme](uri)
    if isinstance(store, FTPFilesStore):  # Scrapy decodes what the URI has of these for feeds only
        store.username = unquote(parts.username or "") or store.username
        store.password = unquote(parts.password or "") or store.password
    return store


def checksum(data: bytes) -> str:
    """MD5 in hexadecimal: what Scrapy's media pipelines say of a file, and S3 of one that was sent in one piece."""
    return md5(data, usedforsecurity=False).hexdigest()


def capture_path(template: str, request: Request, kind: str, extension: str, spider: str) -> str:
    """Where in the store a capture goes. Nothing of the URL gets into the path but letters, digits, dots and dashes of its host."""
    identity = (
        request.url.encode() if request.method == "GET" else b"\n".join((request.method.encode(), request.url.encode(), request.body))
    )
    return template % {
        "kind": kind,
        "host": _safe(host_of(request.url)),
        "sha1": sha1(identity, usedforsecurity=False).hexdigest(),
        "ext": extension,
        "spider": _safe(spider.lower()),
    }


def _safe(name: str) -> str:
    """A name that every file system takes as that of a folder or file."""
    safe = _UNSAFE.sub("_", name.lower()).strip(".")[:200].rstrip(".")
    return f"_{safe}" if not safe or _DEVICE.match(safe) else safe
