"""Runs beside LibreOffice, in the Python that has its module: PIPE OUT VERSION. Exports a document, signed by who is in the
database of NSS that LibreOffice was started with.
"""

from __future__ import annotations

import importlib
import sys
import time
from typing import Any

_PATIENCE = 240
"""Half seconds until LibreOffice listens."""


def signed(pipe: str, out: str, version: int) -> None:
    """Writes the file at the URL `out`, signed on export; `version` as LibreOffice numbers kinds of PDF."""
    uno: Any = importlib.import_module("uno")
    context = _office(uno, pipe)
    make = context.ServiceManager.createInstanceWithContext
    security = make("com.sun.star.xml.crypto.SEInitializer", context).createSecurityContext("").getSecurityEnvironment()
    desktop = make("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, _values(uno, Hidden=True))
    document.Text.String = "Phiếu điều trị"
    how = {"SignPDF": True, "SignatureCertificate": security.getPersonalCertificates()[0], "SignaturePassword": ""}
    kind = uno.Any("[]com.sun.star.beans.PropertyValue", _values(uno, SelectPdfVersion=version, **how))
    document.storeToURL(out, _values(uno, FilterName="writer_pdf_Export", FilterData=kind))
    document.close(True)


def _office(uno: Any, pipe: str) -> Any:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _ in range(_PATIENCE):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.5)
    raise TimeoutError(pipe)


def _values(uno: Any, **values: Any) -> tuple[Any, ...]:
    found = []
    for name, value in values.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        found.append(one)
    return tuple(found)


if __name__ == "__main__":
    signed(sys.argv[1], sys.argv[2], int(sys.argv[3]))
