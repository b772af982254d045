"""How the server talks with its kernels: enciphered, so that no other user of the machine can listen."""

from __future__ import annotations

import zmq


def kernel_channels() -> dict[str, str]:
    """The settings of ``KernelManager`` for it; none where this machine's ZeroMQ cannot encipher."""
    return {"transport_encryption": "auto"} if zmq.has("curve") else {}
