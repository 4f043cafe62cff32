"""A loopback server of images whose sizes and contents are known, with all that servers do wrong."""

from __future__ import annotations

import contextlib
import io
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from PIL import Image

FORMATS = ("jpeg", "png", "gif", "webp", "avif", "svg")
TYPES = {"svg": "image/svg+xml"}
EXTENSIONS = {"jpeg": "jpg"}
PER_PAGE = 50

# what a thousand images are like, and how many of each
KINDS = {
    "range": 560,
    "ignores_range": 90,
    "chunked": 60,
    "wrong_extension": 60,
    "redirected": 40,
    "late_size": 30,
    "truncated": 30,
    "identical": 30,
    "slow": 20,
    "404": 30,
    "403": 20,
    "not_an_image": 10,
    "robots": 10,
    "30MB": 5,
    "30MB_ignores_range": 5,
}
HUGE = 30_000_000


@dataclass(slots=True)
class Served:
    """An image of the site."""

    kind: str
    path: str
    format: str
    width: int
    height: int
    head: bytes
    padding: int

    @property
    def length(self) -> int:
        return len(self.head) + self.padding

    @property
    def checksum(self) -> str:
        return md5(self.head + bytes(self.padding)).hexdigest()

    def part(self, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`."""
        end = min(end, self.length)
        return self.head[start:end] + bytes(max(0, end - max(start, len(self.head))))

    @property
    def exists(self) -> bool:
        return self.kind not in ("404", "403", "not_an_image", "robots")

    @property
    def whole(self) -> bool:
        return self.exists and self.kind != "truncated"


def picture(form: str, width: int, height: int, seed: int, *, late_size: bool = False) -> bytes:
    """The bytes of an image, no two alike: noise makes them a few kilobytes and more."""
    if form == "svg":
        rest = "".join(f"<path d='M{seed} {n}h9'/>" for n in range(300))
        return f'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{rest}</svg>'.encode()
    shade = random.Random(seed)
    image = Image.frombytes("RGB", (width, height), shade.randbytes(width * height * 3))
    target = io.BytesIO()
    options: dict[str, Any] = {"icc_profile": shade.randbytes(20_000)} if late_size else {"speed": 10} if form == "avif" else {}
    image.save(target, form, **options)
    return target.getvalue()


def make_images(number: int) -> list[Served]:
    """So many images, of each kind its share (one at least), in a mixed but settled order."""
    kinds = [kind for kind, share in KINDS.items() for _ in range(max(1, share * number // 1000))]
    random.Random(7).shuffle(kinds)
    images: list[Served] = []
    for seed, kind in enumerate(kinds):
        form = "jpeg" if kind in ("late_size", "30MB", "30MB_ignores_range") else FORMATS[seed % len(FORMATS)]
        width, height = 60 + seed % 41, 40 + seed % 37
        twin = next((image for image in images if image.kind == "range"), None)
        if kind == "identical" and twin is not None:
            form, width, height, head = twin.format, twin.width, twin.height, twin.head
        else:
            head = picture(form, width, height, seed, late_size=kind == "late_size")
        shown = FORMATS[(seed + 1) % len(FORMATS)] if kind == "wrong_extension" else form
        folder = "private" if kind == "robots" else kind
        path = f"/img/{folder}/{seed}.{EXTENSIONS.get(shown, shown)}"
        images.append(Served(kind, path, form, width, height, head, HUGE if kind.startswith("30MB") else 0))
    return images


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        with site.guard:
            site.asked[self.path] += 1
        image = site.by_path.get(self.path.removeprefix("/moved"))
        with contextlib.suppress(ConnectionError):
            if self.path == "/robots.txt":
                self._send(200, b"User-agent: *\nDisallow: /img/private/\n", "text/plain")
            elif self.path.startswith("/page/"):
                self._send(200, site.page(int(self.path.rpartition("/")[2])), "text/html")
            elif image is None or image.kind == "404":
                self._send(404, b"no" * 3000, "text/html")
            else:
                self._image(image)

    def _image(self, image: Served) -> None:
        kind = image.kind
        mime_type = TYPES.get(image.format, f"image/{image.format}")
        if kind == "403":
            self._send(403, b"no", "text/plain")
        elif kind == "not_an_image":
            self._send(200, b"<!doctype html><title>Not here</title>" + b" " * 5000, mime_type)
        elif kind == "redirected" and not self.path.startswith("/moved"):
            self._send(302, b"there", "text/plain", Location="/moved" + self.path)
        elif kind == "chunked":
            self.send_response(200)
            self.send_header("Content-Type", mime_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, image.length, 1000):
                part = image.part(start, start + 1000)
                self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
        elif kind == "truncated":
            self._send(200, image.part(0, image.length * 2 // 3), mime_type, length=image.length)
            self.close_connection = True
        else:
            if kind == "slow":
                time.sleep(0.5)
            asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            if asked and "ignores_range" not in kind:
                start, end = int(asked[1]), min(int(asked[2]) + 1, image.length)
                self._send(206, image.part(start, end), mime_type, **{"Content-Range": f"bytes {start}-{end - 1}/{image.length}"})
            else:
                self._send(200, None, mime_type, length=image.length)
                for start in range(0, image.length, 1 << 16):
                    self.wfile.write(image.part(start, start + (1 << 16)))

    def _send(self, status: int, body: bytes | None, mime_type: str, *, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", mime_type)
        self.send_header("Content-Length", str(length if length is not None else len(body or b"")))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body or b"")

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: ImageSite) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that stop a download are no error."""


class ImageSite:
    """Pages on 127.0.0.1 whose images are on localhost: another host for everybody. `asked` counts requests by path."""

    def __init__(self, number: int) -> None:
        self.images = make_images(number)
        self.by_path = {image.path: image for image in self.images}
        self.asked: Counter[str] = Counter()
        self.guard = threading.Lock()

    @property
    def pages(self) -> int:
        return -(-len(self.images) // PER_PAGE)

    def page(self, number: int) -> bytes:
        """A page of the site: its images, each twice, and a link to the other host."""
        shown = self.images[number * PER_PAGE : (number + 1) * PER_PAGE]
        figures = "".join(f'<p><img src="{self.image_url}{image.path}" alt="Lake {image.path}"></p>' for image in shown)
        return f'<title>{number}</title><main>{figures}<a href="{self.image_url}/page/0?other">other host</a></main>'.encode()

    def __enter__(self) -> Self:
        self._server = _Server(self)
        port = self._server.server_address[1]
        self.url, self.image_url = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *arguments: object) -> None:
        self._server.shutdown()
        self._server.server_close()
