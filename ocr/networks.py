"""The packaged networks as sessions of ONNX Runtime: one thread each, and never a file that is not the one that was shipped."""

from __future__ import annotations

import hashlib
from pathlib import Path

import onnxruntime

from domain.errors import Broken, PartMissing

FOLDER = Path(__file__).with_name("models")


def load(path: Path, sha256: str) -> onnxruntime.InferenceSession:
    """The network in a file whose SHA-256 is `sha256` (hex). Raises PartMissing where it is not there, Broken where it differs."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise missing(path) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise damaged(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # pages run in parallel; threads would only spin
    options.enable_cpu_mem_arena = False  # with inputs of changing shape the arena only grows
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def missing(path: Path) -> PartMissing:
    """A file of the recogniser is not there."""
    return PartMissing(
        "recogniser",
        f"Thiếu tệp {path.name} của bộ nhận dạng. Hãy cài lại Lưu Ký, hoặc đặt LUUKY_OCR_ENGINE=tesseract.",
        f"The recogniser's file {path.name} is missing. Install Lưu Ký again, or set LUUKY_OCR_ENGINE=tesseract.",
    )


def damaged(path: Path) -> Broken:
    """A file of the recogniser is not the one that was shipped."""
    return Broken(
        "recogniser_damaged",
        f"Tệp {path.name} của bộ nhận dạng bị hỏng. Hãy cài lại Lưu Ký, hoặc đặt LUUKY_OCR_ENGINE=tesseract.",
        f"The recogniser's file {path.name} is damaged. Install Lưu Ký again, or set LUUKY_OCR_ENGINE=tesseract.",
    )
