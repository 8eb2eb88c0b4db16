"""What flags say of a live endpoint goes over the target file, into the record, and into a run that is taken up again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance import Limits, SettingsError, SourceStore, Target
from conformance.app.commands import aim, origin
from conformance.app.live_options import LIVE, restrained, restraints, said_of_target

PLAIN = Target(
    api="neptune", url="http://localhost:1", s3=SourceStore(endpoint="http://s3"), limits=Limits(jobs=9, requests=5)
)
FLAGS = {"url": "http://localhost:1", "s3_endpoint": "http://s3"}
NONE = {"bucket": None, "access_key": None, "secret_key": None, "region": None, "account_id": None}


def test_flags_go_over_what_the_file_says():
    found = restrained(
        PLAIN, {"max_jobs": 0, "max_seconds": 2.5, "rate": 3.0, "read_only": True, "prefix": "team-x", "connections": 2}
    )
    assert found.limits == Limits(requests=5, jobs=0, seconds=2.5, requests_per_second=3.0, connections=2)
    assert (found.read_only, found.prefix, found.own_only, found.s3.prefix) == (True, "team-x", True, "team-x")


def test_without_flags_nothing_changes():
    assert restrained(PLAIN, {}) == PLAIN
    assert restrained(PLAIN, dict.fromkeys(LIVE)) == PLAIN
    assert said_of_target(dict.fromkeys(LIVE)) is None


@pytest.mark.parametrize("prefix", ["", "9x", "a b", "a_b", "x" * 21, "é"])
def test_a_prefix_that_not_every_name_can_begin_with_is_refused(prefix):
    with pytest.raises(SettingsError, match="expected --prefix"):
        restrained(PLAIN, {"prefix": prefix})


def test_a_record_tells_what_the_target_was_held_to():
    assert restraints(Target(api="neptune", url="")) == {}
    found = restraints(restrained(PLAIN, {"read_only": True, "prefix": "team-x"}))
    assert found == {"read only": True, "prefix": "team-x", "limit of requests": 5, "limit of jobs": 9}
    assert restraints(replace(PLAIN, limits=Limits(connections=4))) == {"limit of connections": 4}


def test_a_run_that_is_taken_up_again_is_held_to_the_same():
    """The flags are kept with the run, and go into its target again."""
    options = {**FLAGS, "read_only": True, "prefix": "team-x", "max_jobs": 3}
    kept = {name: value for name, value in origin(options)["flags"].items() if value is not None}
    again = aim(["neptune"], {**NONE, **kept}).target
    assert (again.read_only, again.prefix, again.own_only, again.limits.jobs) == (True, "team-x", True, 3)
