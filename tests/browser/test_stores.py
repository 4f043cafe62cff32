"""Captures of real crawls in a folder that is killed at, and in S3."""

from __future__ import annotations

import os
import random
import signal
import time
from hashlib import md5
from pathlib import Path

import pytest

from linkmedia_scrapy.browser.verify import mhtml_missing, pdf_pages, picture_size
from tests.browser.processes import start_crawl
from tests.conftest import SOAK


def test_s3_has_the_files(pages, crawl, monkeypatch):
    """Through S3's API the files arrive whole: size and checksum are the record's, and so is the ETag."""
    moto = pytest.importorskip("moto.server")
    session = pytest.importorskip("botocore.session")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        keys = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
        client = session.get_session().create_client(
            "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
        )
        client.create_bucket(Bucket="captures")
        outcome = crawl(
            pages.url + "/index.html",
            screenshot=True,
            pdf=True,
            mhtml=True,
            LINKMEDIA_STORE="s3://captures/deep",
            AWS_ENDPOINT_URL=endpoint,
            AWS_REGION_NAME="us-east-1",
            **keys,
        )
        captures = outcome.captures()
        assert set(captures) == {"screenshot", "pdf", "mhtml"}, outcome.of("error")
        for capture in captures.values():
            there = client.get_object(Bucket="captures", Key="deep/" + capture["path"])
            data = there["Body"].read()
            assert (len(data), md5(data).hexdigest()) == (capture["size"], capture["checksum"])
            assert there["ETag"].strip('"') == capture["checksum"]
        assert there["ContentType"] == "multipart/related"
        client.close()
    finally:
        server.stop()


def test_s3_that_fails_costs_the_capture_only(pages, crawl):
    """A bucket that does not exist or does not answer is an error record for each capture."""
    pytest.importorskip("botocore")
    outcome = crawl(
        pages.url + "/index.html",
        screenshot=True,
        LINKMEDIA_STORE="s3://nowhere/",
        AWS_ENDPOINT_URL=pages.url + "/no-s3",
        AWS_ACCESS_KEY_ID="k",
        AWS_SECRET_ACCESS_KEY="s",
        AWS_REGION_NAME="us-east-1",
    )
    assert [(error["kind"], error["stage"]) for error in outcome.of("error")] == [("store", "screenshot")]
    assert outcome.of("capture") == []
    assert outcome.of("link")


def whole(path: Path) -> bool:
    data = path.read_bytes()
    if path.suffix == ".png":
        picture_size(data)
    elif path.suffix == ".pdf":
        pdf_pages(data)
    else:
        text = data.decode()
        mhtml_missing(text, text.partition("Snapshot-Content-Location: ")[2].partition("\r\n")[0], [])
        boundary = text.partition('boundary="')[2].partition('"')[0]
        assert text.rstrip().endswith(f"--{boundary}--")
    return True


@pytest.mark.soak
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_killed_crawls_leave_no_torn_file(pages, tmp_path: Path):
    """20 crawls (2 without LINKMEDIA_SOAK=1) killed with SIGKILL in the middle of their captures: each file that has a name is whole."""
    dice = random.Random(3)
    urls = [f"{pages.url}/{path}?{n}" for n in range(40) for path in ("index.html", "gallery/index.html", "shop/index.html")]
    store = tmp_path / "captures"
    settings = {f"LINKMEDIA_{name}": True for name in ("SCREENSHOT", "PDF", "MHTML")}
    order = {"requests": [{"url": url} for url in urls], "settings": {**settings, "LINKMEDIA_STORE": str(store), "LOG_LEVEL": "ERROR"}}
    killed = 0
    for _ in range(20 if SOAK else 2):
        before = len(list(store.rglob("*.*")))
        process = start_crawl(order)
        for path in list(store.rglob("*.png"))[:3]:
            path.unlink()  # so that there is something new to see
        patience = time.monotonic() + 120
        while len(list(store.rglob("*.*"))) <= before + 3 and time.monotonic() < patience and process.poll() is None:
            time.sleep(0.02)
        time.sleep(dice.random() * 0.7)
        killed += process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        dice.shuffle(order["requests"])
    files = [path for path in store.rglob("*") if path.is_file() and path.parent.name != ".parts"]
    assert killed == (20 if SOAK else 2)
    assert len(files) > 3 * killed
    assert all(whole(path) for path in files)
    print(f"{killed} kills, {len(files)} files whole, {len(list((store / '.parts').iterdir()))} unfinished parts")
