"""What leaves the house for one page: the files of its look, as they are and packed."""

import gzip
from collections.abc import Iterator
from typing import Any

from django.conf import settings

FILES = {"CSS": "css/*.css", "JS": "**/*.js", "fonts": "fonts/*.woff2"}


def weights() -> Iterator[dict[str, Any]]:
    for name, pattern in FILES.items():
        files = sorted((settings.BASE_DIR / "static").glob(pattern))
        contents = [path.read_bytes() for path in files]
        yield {
            "row": "20",
            "name": f"all {name} ({len(files)} files)",
            "bytes": sum(map(len, contents)),
            "gzip": sum(len(gzip.compress(content)) for content in contents),
            "yardstick": "",
            "n": 1,
        }
