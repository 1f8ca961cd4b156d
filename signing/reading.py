"""Opens any PDF to be judged, and its signatures.

Strict reading comes first: what it accepts, every viewer sees alike. A file that breaks the rules of its format is read once more
with leniency, so that what is wrong with its signatures can still be said; such a file is never passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, BinaryIO

from asn1crypto import cms
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import InvalidVersion
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.generic import (
    ByteStringObject,
    DictionaryObject,
    EncryptedObjAccess,
    NullObject,
    TextStringObject,
)
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from domain.signatures import Verdict
from signing.digests import Digests
from signing.pdf import BAD_FILE

_DIGESTS = {"1.2.840.113549.1.1.5": "sha1", "1.2.840.113549.1.1.11": "sha256", "1.2.840.113549.1.1.13": "sha512"}
"""Some programs name a digest by the signature algorithm that goes with it."""
_HOLE = re.compile(rb"/Contents\s*<0*>")
"""Where a signature will be."""
_DEEPEST = 50
"""Levels of a tree of pages or fields; a bad one may lead back to itself."""
BAD = (*BAD_FILE, OSError, UnsupportedAlgorithm, InvalidVersion)
"""A place before the beginning of the file, which bad files point to, is the system's error; bad keys are others' errors."""


class Sloppy(Exception):
    """The file breaks the rules of its format, and was being read strictly."""


class Reader(PdfFileReader):
    """A file that nobody changes while it is read, with the digests over parts of it."""

    def __init__(self, file: BinaryIO, digests: Digests, *, strict: bool = True) -> None:
        super().__init__(file, strict=strict)
        self.digests = digests


class Signature(EmbeddedPdfSignature):
    """A signature in any file. The library would judge none in a file with hybrid cross-references, such as Word writes.

    What is signed are the attributes in DER, in order (RFC 5652, 5.4), however they are written; not so for the library.
    """

    def __init__(self, reader: Reader, sig_field: DictionaryObject, fq_name: str) -> None:
        super().__init__(reader, sig_field, fq_name)
        self._digests = reader.digests
        self.external_md_algorithm = _DIGESTS.get(self.external_md_algorithm, self.external_md_algorithm)
        attributes = self.signer_info["signed_attrs"]
        if len(attributes):
            self.signer_info["signed_attrs"] = cms.CMSAttributes(list(attributes))

    def compute_digest(self, hash_algo: str | None = None) -> bytes:
        """As the library has it; the beginning of the file is hashed once for all signatures."""
        name = hash_algo or self.external_md_algorithm
        if name not in self.external_digests:
            self.external_digests[name] = self._digests.over(self.byte_range, name)
        return self.external_digests[name]

    def _enforce_hybrid_xref_policy(self) -> None:
        """A private method of the library. What changed later is looked for in both tables, so that nothing hides in one."""


def opened(file: BinaryIO, *, strict: bool, digests: Digests | None = None) -> Reader | None:
    """None if it is no PDF, or needs a password; `digests`: those of the file, if there are any. Raises Sloppy."""
    try:
        reader = Reader(file, digests or Digests(file), strict=strict)
        if reader.security_handler is not None and reader.decrypt("").status is AuthStatus.FAILED:
            return None
        reader.root  # noqa: B018 - what has no catalog is no PDF
    except BAD as error:
        if strict:
            raise Sloppy(str(error)) from error
        return None
    return reader


def unless_sloppy(reader: PdfFileReader, error: BaseException) -> None:
    """Raises Sloppy if it was the strictness of reading that failed."""
    if reader.strict and isinstance(error, PdfStrictReadError):
        raise Sloppy(str(error)) from error


def signed_fields(reader: PdfFileReader) -> list[tuple[str, Any]] | None:
    """Names and dictionaries of fields with a signature, be it only its place; None if the form cannot be read. Raises Sloppy."""
    try:
        return [(str(name), field.get_object()) for name, _, field in enumerate_sig_fields(reader, filled_status=True)]
    except BAD as error:
        unless_sloppy(reader, error)
        return None


def unfilled(field: Any) -> bool:
    """Whether the dictionary of a signature only holds its place: there is none yet."""
    value = field["/V"]
    if not isinstance(value, DictionaryObject) or "/Contents" not in value:
        return isinstance(value, NullObject) or (isinstance(value, DictionaryObject) and "/ByteRange" not in value)
    contents = value.raw_get("/Contents", decrypt=EncryptedObjAccess.RAW)
    return isinstance(contents, (ByteStringObject, TextStringObject)) and not contents.original_bytes.strip(b"\0")


def parsed(reader: Reader, field: Any, name: str) -> Signature | Verdict:
    """The signature in a field; else undetermined where it cannot be read, failed where its CMS has not one signer.

    Raises Sloppy.
    """
    try:
        return Signature(reader, field, name)
    except CMSExtractionError:
        return Verdict.FAILED
    except BAD as error:
        unless_sloppy(reader, error)
        return Verdict.UNDETERMINED


def mentions_a_signature(file: BinaryIO) -> bool:
    """Whether there is a ByteRange that no field leads to: signature dictionaries are never compressed."""
    file.seek(0)
    data = file.read()
    holes = len(_HOLE.findall(data))
    return data.count(b"/ByteRange") > holes


def is_timestamp(signature: EmbeddedPdfSignature) -> bool:
    """Whether it is a timestamp over the document, whatever its dictionary calls itself."""
    return bool(signature.sig_object.get("/SubFilter") == "/ETSI.RFC3161")


def stamps_of(signatures: Iterable[Signature]) -> list[Signature]:
    """The timestamps over the document among them, oldest first."""
    return sorted(filter(is_timestamp, signatures), key=lambda one: one.signed_revision)


def ends_cleanly(reader: PdfFileReader) -> bool:
    """Whether nothing comes after the end of the last revision."""
    last = reader.xrefs.get_xref_container_info(reader.xrefs.total_revisions - 1)
    reader.stream.seek(last.end_location)
    rest: bytes = reader.stream.read()
    return rest.count(b"%%EOF") == 1 and rest.rstrip(b"\0\t\n\f\r ").endswith(b"%%EOF")


def overlapping_page(reader: PdfFileReader) -> int | None:
    """The first page (from 1) on which two annotations, signatures among them, cover one another. Raises Sloppy."""
    try:
        for number, page in enumerate(_pages(reader.root["/Pages"]), start=1):
            if any(_overlap(one, other) for one, other in combinations(_boxes(page), 2)):
                return number
    except BAD as error:
        unless_sloppy(reader, error)
    return None


def _pages(tree: Any, depth: int = 0) -> Iterator[Any]:
    if depth > _DEEPEST:
        return
    for kid in items(tree, "/Kids"):
        if "/Kids" in kid:
            yield from _pages(kid, depth + 1)
        else:
            yield kid


def inherited(field: Any, key: str) -> Any:
    """The value of a field or of the nearest field above it; None where there is none."""
    for _ in range(_DEEPEST):
        if key in field:
            return field[key]
        if "/Parent" not in field:
            return None
        field = field["/Parent"]
    return None


def items(dictionary: Any, key: str) -> list[Any]:
    """What an array of a dictionary holds; an iterator of the library's own would give references."""
    array = dictionary[key] if key in dictionary else ()  # noqa: SIM401 - `get` would give a reference
    return [array[index] for index in range(len(array))]


def _boxes(page: Any) -> list[tuple[float, float, float, float]]:
    found = []
    for one in items(page, "/Annots"):
        corners = [float(value) for value in items(one, "/Rect")] if isinstance(one, DictionaryObject) else []
        if len(corners) == 4:
            left, right = sorted(corners[::2])
            low, high = sorted(corners[1::2])
            found.append((left, low, right, high))
    return [box for box in found if box[0] < box[2] and box[1] < box[3]]


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
