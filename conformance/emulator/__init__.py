"""A faithful stand-in for the four job APIs, written from their documents."""

from conformance.emulator.server import run
from conformance.emulator.service import Service, create_service
from conformance.emulator.settings import APIS, Api, Settings

__all__ = ["APIS", "Api", "Service", "Settings", "create_service", "run"]
