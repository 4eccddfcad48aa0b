"""What a printed paper says, as far as its bytes tell."""

import re
import zlib


def opened(document: bytes) -> bytes:
    """The document with its compressed parts readable."""
    parts = re.findall(rb"stream\n(.*?)\nendstream", document, re.DOTALL)
    return document + b"".join(
        zlib.decompressobj().decompress(part) for part in parts if part[:1] == b"x"
    )
