"""
A process of its own that reads the words of one PDF from its input, and prints them as JSON.

It imports nothing of the project and takes limits on itself before it looks at a byte: a hostile file can end it, and
nothing else.
"""

import json
import resource
import sys
from io import BytesIO

from pypdf import PdfReader

MEMORY_BYTES = 1024**3
CPU_SECONDS = 12
MOST_PAGES = 400
MOST_CHARACTERS = 400_000


def main() -> int:
    """Print what was read, or why nothing was; a file that breaks its reader ends this with an error."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    reader = PdfReader(BytesIO(sys.stdin.buffer.read()))
    if reader.is_encrypted:
        return say({"why": "encrypted"})
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        return say({"why": "too many pages"})
    words: list[str] = []
    left = MOST_CHARACTERS
    for page in reader.pages:
        text = page.extract_text()[:left]
        words.append(text)
        left -= len(text)
        if left <= 0:
            return say({"why": "too much text"})
    return say({"pages": pages, "text": "\n\n".join(words)})


def say(found: dict[str, object]) -> int:
    """Print what was found."""
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
