"""vndoc's own reader of printed lines: lines are found by their letters, brought to one size, and read by a network."""

import os

# onnxruntime sends how it is used to its makers unless this is set before it is loaded; a call to it is too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
