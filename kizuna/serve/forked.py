"""Kernels that branch off the stem, for the server that starts, watches and ends them; in all else they are ordinary kernels."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from kizuna.serve.stem import Branch, Stem

_ORDINARY = ["-m", "ipykernel_launcher"]


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by branching it off the stem; by the ordinary way where that is not possible."""

    stem: Stem

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        pid = None
        environment = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
        if cmd[0] == sys.executable and cmd[1:3] == _ORDINARY and _same_python(environment):
            pid = await asyncio.to_thread(self.stem.branch, cmd[3:], kwargs.get("cwd"), environment)
        if pid is None:
            return await super().launch_kernel(cmd, **kwargs)
        process: Any = Branch(pid)
        self.process = process
        self.pid = self.pgid = pid  # a branch begins a session, and so a group, of its own
        self.cwd = kwargs.get("cwd")
        return self.connection_info


class ForkedKernels(KernelProvisionerFactory):
    """Gives every kernel our provisioner, unless its specification names another."""

    stem: Stem

    def create_provisioner_instance(self, kernel_id: str, kernel_spec: Any, parent: Any) -> KernelProvisionerBase:
        if "kernel_provisioner" in kernel_spec.metadata:
            return super().create_provisioner_instance(kernel_id, kernel_spec, parent)
        made = ForkedProvisioner(kernel_id=kernel_id, kernel_spec=kernel_spec, parent=parent)
        made.stem = self.stem
        return made


def branch_kernels_off(stem: Stem) -> None:
    """From now on the kernels of this process branch off ``stem``."""
    ForkedKernels.clear_instance()
    KernelProvisionerFactory.clear_instance()
    ForkedKernels.instance().stem = stem


def _same_python(environment: dict[str, str]) -> bool:
    """Whether Python would start there as it did here; the stem's has started already."""
    names = {name for name in (*environment, *os.environ) if name.startswith("PYTHON")}
    return all(environment.get(name) == os.environ.get(name) for name in names)
