"""Makes sure, before a run, that the API is there at all and takes our requests for ours."""

from __future__ import annotations

from conformance.answer import Answer, answer_of
from conformance.errors import CredentialsError, StageError, UnreachableError, WrongApiError
from conformance.history import Call, Intent
from conformance.skew import skew_of, told
from conformance.stage import Stage
from specs import Operation, build
from strategies import based

#: Statuses of something that is there, in whatever state: what is not known to a server is answered 404, 405 or 501.
_THERE = frozenset({400, 401, 403, 429, 500, 502, 503, 504})
_UNKNOWN_CALLER = frozenset({401, 403})


def preflight(stage: Stage) -> None:
    """Ask every operation that reads or creates for something, with as little as a request may hold.

    Raises:
        UnreachableError: nothing answers.
        WrongApiError: something answers, but every operation is unknown to it.
        CredentialsError: every request is refused for who sends it.
        SourceStoreError: an S3 endpoint is named, and source data cannot be written there.
    """
    session, spec = stage.session, stage.session.spec
    answers: list[Answer] = []
    lost: list[Call] = []
    skew: float | None = None
    for operation in spec.operations.values():
        call = _probed(stage, operation) if operation.effect in {"read", "create"} else None
        if call is None:
            continue
        if call.trouble in {"refused", "timeout"}:
            raise UnreachableError(session.target.url, call.detail or str(call.trouble))
        if call.response is None:
            lost.append(call)
            continue
        skew = skew_of(call)
        answers.append(answer_of(spec, call.response))
    if lost and not answers:
        raise UnreachableError(session.target.url, lost[0].detail or str(lost[0].trouble))
    if answers and not any(_is_there(stage, each) for each in answers):
        said = "; ".join(dict.fromkeys(each.described() for each in answers))
        raise WrongApiError(session.target.url, spec.api, said)
    if answers and all(each.refused for each in answers):
        _require_caller(stage, answers, skew)
    if spec.objects and stage.store is not None and not session.target.read_only:
        stage.store.put(f"{stage.run}/preflight", b"")


def _probed(stage: Stage, operation: Operation) -> Call | None:
    """A request without what would have to be made first; None where there can be none."""
    spec = stage.session.spec
    plain = {name: value for name, value in based(operation).items() if "${" not in str(value)}
    request = build(operation, plain, headers=spec.headers)
    if "//" in request.path or "{" in request.path:
        return None
    known = {"${account}", "${region}"}
    arguments = stage.resolve({name: value for name, value in operation.base.items() if str(value) in known})
    try:
        return stage.session.call(operation, arguments, Intent(scenario="preflight", role="preflight"))
    except StageError:
        return None


def _is_there(stage: Stage, answer: Answer) -> bool:
    errors = stage.session.spec.errors
    known = answer.name is not None and errors.statuses(answer.name) is not None
    return answer.success or known or answer.status in _THERE


def _require_caller(stage: Stage, answers: list[Answer], skew: float | None) -> None:
    """Stop where every request was refused for its sender, or may have been since clocks differ by more than they may."""
    target, allowed = stage.session.target, stage.session.spec.auth.stale_seconds
    first = answers[0]
    said = f"{first.described()} {first.message or ''}".strip()[:300]
    late = skew is not None and abs(skew) > allowed
    unknown = all(each.status in _UNKNOWN_CALLER for each in answers)
    if target.credentials.scheme == "none":
        if unknown:
            raise CredentialsError(
                f"expected {target.url} to take unsigned requests but it refuses them all ({said}); give it keys: "
                "--access-key and --secret-key, or [auth] in a target file"
            )
    elif late and skew is not None:
        raise CredentialsError(
            f"expected {target.url} to take our signatures but it refuses all requests ({said}), and {told(skew)}, where "
            f"signatures are good for {allowed} s; set the clocks"
        )
    elif unknown:
        raise CredentialsError(
            f"expected {target.url} to take our signatures but it refuses all requests ({said}); check keys, region and account"
        )
