"""The catalogue of mutants is sound: each has a name, a sentence, a clause that is there, and one fault."""

from __future__ import annotations

import inspect
import re
from collections import Counter

import pytest

import specs
from conformance.emulator import APIS, Settings, create_service
from conformance.emulator.mutants import FAMILIES, Mutant, UnknownMutantError, find, mutants
from conformance.emulator.service import _CLASSES

ALL = mutants()
_HIDDEN = re.compile(r"__.*__|_abc_impl")


def name_of(mutant: Mutant) -> str:
    return f"{mutant.api}-{mutant.name}"


def overridden(service: type) -> list[str]:
    return [name for name in vars(service) if not _HIDDEN.fullmatch(name)]


def test_there_are_enough() -> None:
    single = [mutant for mutant in ALL if mutant.family in FAMILIES]
    assert len(single) >= 110
    counted = Counter((mutant.api, mutant.family) for mutant in single)
    missing = [(api, family) for api in APIS for family in FAMILIES if not counted[api, family]]
    assert not missing


@pytest.mark.parametrize("api", APIS)
def test_names_are_words_and_unique(api: str) -> None:
    names = [mutant.name for mutant in ALL if mutant.api == api]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)] == []


@pytest.mark.parametrize("api", APIS)
def test_faults_differ_by_their_sentences(api: str) -> None:
    sentences = Counter((mutant.clause, mutant.sentence) for mutant in ALL if mutant.api == api)
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


@pytest.mark.parametrize("mutant", ALL, ids=name_of)
def test_a_mutant_says_what_is_wrong_and_what_it_takes_to_see_it(mutant: Mutant) -> None:
    assert mutant.sentence[:1].isupper() or mutant.sentence[:1].isdigit()
    assert mutant.sentence.endswith(".")
    assert mutant.needs
    assert not mutant.needs.endswith(".")
    assert mutant.profile in {"standard", "thorough"}


@pytest.mark.parametrize("mutant", ALL, ids=name_of)
def test_the_clause_is_there_and_tested(mutant: Mutant) -> None:
    clause = specs.load(mutant.api).clause(mutant.clause)
    assert clause.not_tested is None
    assert clause.family == mutant.family


@pytest.mark.parametrize("mutant", ALL, ids=name_of)
def test_a_mutant_is_the_service_with_one_thing_overridden(mutant: Mutant) -> None:
    service = mutant.build
    assert inspect.isclass(service)
    module, plain = _CLASSES[mutant.api]
    assert [base.__name__ for base in service.__mro__[1:] if base.__module__ == module] == [plain]
    part: type = service
    while True:
        names = overridden(part)
        if mutant.family not in FAMILIES:
            assert names  # a fault in the order of jobs may need several hands to show at one place only
            return
        assert len(names) == 1, names
        inner = vars(part)[names[0]]
        if not inspect.isclass(inner) or inner.__module__ != service.__module__:
            return
        part = inner


@pytest.mark.parametrize("mutant", ALL, ids=name_of)
def test_a_mutant_can_be_served(mutant: Mutant) -> None:
    service = create_service(Settings(api=mutant.api, mutant=mutant.name, job_seconds=0.01))
    try:
        assert type(service) is mutant.build
    finally:
        service.close()


def test_an_unknown_name_is_refused_with_near_ones() -> None:
    with pytest.raises(UnknownMutantError, match="limit-zero-accepted"):
        find("neptune", "limit-zero-acepted")
    with pytest.raises(UnknownMutantError, match="selftest"):
        find("neptune", "qqqq")


def test_the_catalogue_of_one_api_is_its_own() -> None:
    assert {mutant.api for mutant in mutants("omics")} == {"omics"}


@pytest.mark.parametrize("api", APIS)
def test_each_way_in_which_a_signature_can_be_wrong_has_a_mutant(api: str) -> None:
    """So that each of these clauses is seen to reject; the plain emulators show that each accepts."""
    ways = {
        clause.data["way"] for clause in specs.load(api).clauses if clause.kind == "auth" and clause.not_tested is None
    }
    tried = {mutant.clause.rpartition("/")[2] for mutant in ALL if mutant.api == api and mutant.family == "auth"}
    signed = {"tampered-body"} if specs.load(api).auth.body_signed else set()
    assert ways == {"unsigned", "unknown-key", "wrong-signature", "stale", "tampered-query"} | signed
    assert tried >= ways
