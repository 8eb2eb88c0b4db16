"""NAVER Cloud Data Flow, emulated in three editions of its documents."""

from conformance.emulator.ncloud.service import NcloudService

__all__ = ["NcloudService"]
