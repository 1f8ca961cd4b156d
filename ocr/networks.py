"""The packaged networks as sessions of ONNX Runtime, one thread each."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

from ocr import weights


def load(path: Path, sha256: str) -> onnxruntime.InferenceSession:
    """The network in a file whose SHA-256 is `sha256` (hex). Raises PartMissing, Broken."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # pages run in parallel; threads would only spin
    options.enable_mem_pattern = False  # patterns are kept per shape of input, and no two batches have the same
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(weights.checked(path, sha256), options, providers=["CPUExecutionProvider"])
