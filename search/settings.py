"""Which index is kept, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Without an Elasticsearch address the index is embedded and lies below the data folder."""

    elasticsearch_url: str = ""
    """Addresses of the cluster's nodes, separated by commas; empty: the embedded index."""
    elasticsearch_index: str = "luuky-pages"
    """The alias under which the cluster knows the index; the indexes themselves have a number behind it."""
    elasticsearch_api_key: str = ""
    """The key a secured cluster asks for."""
    elasticsearch_ca: str = ""
    """A file with the authority of the cluster's certificate; empty: the system's authorities."""
    elasticsearch_shards: int = 1
    """Parts the index is split into; one carries some ten million pages."""
    timeout: float = 10.0
    """Seconds after which a cluster that does not answer is away."""
    writer_memory: int = 64
    """MiB the embedded index's writer may hold before it writes to disk."""
