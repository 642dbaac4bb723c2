"""Where issued statements lie: the foundation's store of documents, of which they are the PDFs."""

from trustfund.core.documents import DocumentAltered, path_of, read, sha256_of, store

__all__ = ["DocumentAltered", "path_of", "read", "sha256_of", "store"]
