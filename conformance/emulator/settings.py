"""What an emulated service is told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Api = Literal["neptune", "s3control", "ncloud", "omics"]
APIS: tuple[Api, ...] = ("neptune", "s3control", "ncloud", "omics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one emulated service; every field has a flag of the same name in ``conformance serve``."""

    api: Api
    host: str = "127.0.0.1"
    port: int = 0
    """0 lets the system choose; the chosen port is printed."""
    job_seconds: float = 0.2
    """Nominal run time of a job; 0.001 is the instant setting, 2 the slow one."""
    latency_seconds: float = 0.0
    """Upper bound of a random delay before each answer."""
    auth: bool = False
    """Whether requests must be signed (SigV4, or NAVER Cloud's signature v2)."""
    access_key: str = "conformance"
    secret_key: str = field(default="conformance-secret", repr=False)
    region: str = "us-east-1"
    account_id: str = "123456789012"
    s3_endpoint: str | None = None
    """Where source objects are read from; without it, only Neptune insists on having one."""
    edition: Literal["2023", "2025", "2026"] = "2025"
    """Edition of the NAVER Cloud documents to follow."""
    max_stores: int = 8
    """HealthOmics reference stores an account may have (the service's own quota is 1)."""
    mutant: str | None = None
    """Name of a fault to have on purpose (``conformance.emulator.mutants``)."""
    variant: str | None = None
    """Name of a freedom of the documents to use (``conformance.emulator.variants``)."""
