"""The local post office of the demo: catches every mail and keeps it as a Maildir.

`python -m joinus.demo.mailbox DOOR FOLDER` receives at an open socket; `mails()` and `mail(key)`
read for the page.
"""

import asyncio
import mailbox
import socket
import sys
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP

from joinus.embedded.place import LOCAL

FOLDER = LOCAL / "mail"


@dataclass(frozen=True)
class Mail:
    """One caught mail as the page shows it; `text` is its plain part."""

    key: str
    to: str
    subject: str
    at: datetime | None
    text: str


def mails(folder: Path = FOLDER, limit: int = 200) -> list[Mail]:
    """The newest mails first."""
    if not folder.exists():
        return []
    box = mailbox.Maildir(folder)
    keys = sorted(box.keys(), key=_arrival, reverse=True)[:limit]
    return [_read(box, key) for key in keys]


def mail(key: str, folder: Path = FOLDER) -> Mail | None:
    if not folder.exists():
        return None
    box = mailbox.Maildir(folder)
    return _read(box, key) if key in box else None


def _arrival(key: str) -> float:
    """A Maildir key begins with the second of arrival, then M and the microsecond."""
    second, _, rest = key.partition(".")
    microsecond = rest[1:].split("P", 1)[0] if rest.startswith("M") else "0"
    return int(second) + int(microsecond) / 1_000_000


def _read(box: mailbox.Maildir, key: str) -> Mail:
    message = message_from_bytes(box.get_bytes(key), policy=policy.default)
    return Mail(
        key=key,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(message["Date"]) if message["Date"] else None,
        text=_text(message),
    )


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    return str(part.get_content()) if part is not None else ""


async def _receive(door: socket.socket, folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    handler = Mailbox(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), sock=door)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_receive(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
