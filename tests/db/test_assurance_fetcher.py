"""A report fetches nothing: not a file, not an address, whatever its markup asks for."""

import socket
import threading
import zlib
from re import DOTALL, findall

import pytest
from weasyprint import HTML

from assurance.rendering import OnlyOurOwn


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.org/x.css",
        "ftp://127.0.0.1/",
        "data:text/css,body{}",
        "report:../../settings.py",
        "report:/etc/passwd",
        "report:css/concord.css",
        "css/report.css",
    ],
)
def test_every_address_but_our_own_files_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="only the fund's own files"):
        OnlyOurOwn().fetch(address)


def test_our_own_stylesheet_is_served() -> None:
    answer = OnlyOurOwn().fetch("report:css/report.css")
    assert b"@page" in answer.read()
    assert answer.content_type == "text/css"


def test_injected_markup_reaches_neither_the_disk_nor_the_network() -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                asked.append(connection.recv(100))
                connection.close()

        listener = threading.Thread(target=listen)
        listener.start()
        there = f"http://127.0.0.1:{port}"
        markup = f"""
            <link rel=attachment href="file:///etc/passwd"><link rel=attachment href="{there}/attached">
            <link rel=stylesheet href="{there}/style.css"><style>@import url({there}/more.css);
            @font-face {{ font-family: x; src: url({there}/font.woff2) }} p {{ font-family: x;
            background: url({there}/ground.png) }}</style>
            <img src="file:///etc/passwd"><img src="{there}/picture.png"><embed src="{there}/embedded.svg">
            <object data="file:///etc/passwd"></object>
            <svg><image href="{there}/inside.png"/><use href="{there}/used.svg#a"/></svg><p>Valdria</p>
        """
        content = HTML(string=markup, url_fetcher=OnlyOurOwn(), base_url="report:").write_pdf()
        stop.set()
        listener.join()
    assert asked == []
    unpacked = content + b"".join(
        zlib.decompress(packed) for packed in findall(rb"FlateDecode.{0,60}?stream\n(.*?)\nendstream", content, DOTALL)
    )
    assert b"root:" not in unpacked
    assert b"/EmbeddedFile" not in unpacked
