"""Ghostscript draws a PDF anew and puts fonts into it that it lacks: the last resort, where it is installed (AGPL, a program
of its own). Runs apart: no files but the given one (-dSAFER), limited time and memory.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_SWITCHES = (
    "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dQUIET", "-sDEVICE=pdfwrite", "-dCompatibilityLevel=1.7", "-dAutoRotatePages=/None",
    "-dEmbedAllFonts=true", "-dSubsetFonts=true", "-dDownsampleColorImages=false", "-dDownsampleGrayImages=false",
    "-dDownsampleMonoImages=false", "-dAutoFilterColorImages=false", "-dAutoFilterGrayImages=false",
    "-dColorImageFilter=/FlateEncode", "-dGrayImageFilter=/FlateEncode", "-sColorConversionStrategy=LeaveColorUnchanged",
    "-dPassThroughJPEGImages=true", "-dPassThroughJPXImages=true", "-dPreserveAnnots=true", "-dPrinted=false",
)  # fmt: skip
_MEMORY = 2_000_000_000
"""Bytes of address space."""


def draw_anew(program: str, path: Path, out: Path, seconds: float) -> bool:
    """Whether `out` was made; what went wrong is of no interest. `program` is the name or path of gs; empty: never."""
    found = shutil.which(program) if program else None
    limiter = shutil.which("prlimit")
    if found is None or limiter is None:
        return False
    limits = [limiter, f"--as={_MEMORY}", f"--cpu={int(seconds)}", "--core=0"]
    embed = ["-c", "<< /NeverEmbed [ ] >> setdistillerparams", "-f"]
    surroundings = {"PATH": os.defpath, "HOME": str(out.parent), "TMPDIR": str(out.parent), "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            [*limits, found, *_SWITCHES, f"-sOutputFile={out}", *embed, path],
            cwd=out.parent,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return False
    return done.returncode == 0 and out.is_file()
