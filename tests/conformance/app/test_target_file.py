"""Target files: what is wrong with one is said in one message that names the place, and every key is explained."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from conformance import CredentialsError, SettingsError
from conformance.app.target_file import read_target_file, schema, target_from
from conformance.app.target_text import explained, keys, template, write_template
from specs import apis, load

PLAIN = 'api = "neptune"\nurl = "http://localhost:8182"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "target.toml"
    file.write_text(text, "utf-8")
    return file


def target_of(folder: Path, text: str):
    content = read_target_file(written(folder, text))
    return target_from(content, load(content["api"], edition=content.get("edition")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("api = neptune", "expected TOML in"),
        ('api = "neptune"', "there is no url: say where the target answers, also when a command starts it"),
        ('api = "neptune"\ncommand = ["./server"]', "there is no url"),
        ('url = "http://localhost"', "'api' is a required property"),
        ('api = "nosuch"\nurl = "http://localhost"', "names api='nosuch', of which there is no specification"),
        ('api = "neptune"\nurl = "localhost:8182"', "url: 'localhost:8182' does not match '^https?://'"),
        (PLAIN + "exclusiv = true", "there is no key exclusiv; did you mean exclusive?"),
        (PLAIN + "request = 5", "there is no key request; did you mean timeouts.request?"),
        (PLAIN + "[limits]\njob = 5", "there is no key limits.job; did you mean limits.jobs?"),
        (PLAIN + "[limits]\nnonsense = 5", "there is no key limits.nonsense; known are limits.requests"),
        (PLAIN + '[limits]\njobs = "many"', "limits.jobs: 'many' is not of type 'integer'"),
        (PLAIN + "[limits]\nrequests = 0", "limits.requests: 0 is less than the minimum of 1"),
        (PLAIN + "[timeouts]\nrequest = -1", "timeouts.request: -1 is less than or equal to the minimum of 0"),
        (PLAIN + 'command = "./server"', "command: './server' is not of type 'array'"),
        (PLAIN + "command = []", "command: [] should be non-empty"),
        (PLAIN + 'exclusive = "yes"', "exclusive: 'yes' is not of type 'boolean'"),
        (PLAIN + "limits = 5", "limits: 5 is not of type 'object'"),
        (PLAIN + 'prefix = "7up"', "prefix: '7up' does not match"),
        (PLAIN + 'prefix = "much-too-long-to-stand-before-names"', "prefix:"),
        (PLAIN + 'ca_file = "nowhere.pem"', "but no file is there"),
        (PLAIN + '[s3]\nbucket = "b"', "s3: 'endpoint' is a required property"),
        (PLAIN + '[auth]\nscheme = "basic"', "auth.scheme: 'basic' is not one of ['none', 'sigv4', 'ncloud']"),
        (PLAIN + '[auth]\naccess_key = "a"', "auth: 'scheme' is a required property"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_by_the_place(text, said, tmp_path):
    with pytest.raises(SettingsError) as caught:
        read_target_file(written(tmp_path, text))
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[auth]\nscheme = "ncloud"\naccess_key = "a"\nsecret_key = "b"', "auth.scheme='ncloud' is not one of neptune's"),
        ('[auth]\nscheme = "sigv4"', "needs access_key and secret_key (for instance as env:NAME), or profile, or source"),
        ('[auth]\nscheme = "sigv4"\naccess_key = "a"', "expected access_key and secret_key in [auth] but got access_key alone"),
        ('[auth]\nscheme = "sigv4"\naccess_key = "a"\nsecret_key = ""', "alone or empty"),
        ('[auth]\nscheme = "sigv4"\nsecret_key = "b"\nprofile = "p"', "expected one way to the keys in [auth] but got 2"),
        ('[auth]\nscheme = "sigv4"\nprofile = "p"\nsource = "environment"', "profile and source"),
        ('[auth]\nscheme = "none"\nsecret_key = "b"', "auth.scheme is none, but there is auth.secret_key as well"),
        ('[auth]\nscheme = "sigv4"\naccess_key = "env:NO_SUCH_NAME"\nsecret_key = "b"', "the variable NO_SUCH_NAME"),
        ('[s3]\nendpoint = "http://s3"\naccess_key = "a"', "expected access_key and secret_key in [s3]"),
        ('[s3]\nendpoint = "http://s3"\naccess_key = "a"\nsource = "environment"', "one way to the keys in [s3]"),
    ],
)  # fmt: skip
def test_keys_are_given_in_one_way(text, said, tmp_path):
    with pytest.raises(SettingsError, match=re.escape(said)):
        target_of(tmp_path, PLAIN + text)


@pytest.mark.parametrize("name", ["profile", "session_token"])
def test_keys_of_naver_cloud_are_of_another_kind(name, tmp_path):
    text = f'api = "ncloud"\nurl = "http://localhost"\n[auth]\nscheme = "ncloud"\n{name} = "x"'
    with pytest.raises(SettingsError, match=f"auth.{name} is for sigv4"):
        target_of(tmp_path, text)


def test_everything_in_a_file_gets_into_the_target(tmp_path):
    (tmp_path / "ca.pem").write_text("", "utf-8")
    target = target_of(
        tmp_path,
        PLAIN
        + 'prefix = "acme"\nread_only = true\nca_file = "ca.pem"\nexclusive = true\nregion = "eu-west-1"\nrole = "r"\n'
        + '[auth]\nscheme = "sigv4"\naccess_key = "a"\nsecret_key = "s"\nsession_token = "t"\n'
        + '[s3]\nendpoint = "http://s3"\nbucket = "b"\n[timeouts]\nrequest = 3\n'
        + "[limits]\nrequests = 5\nrequests_per_second = 2.5\njobs = 0\nseconds = 60\n",
    )
    assert (target.prefix, target.own_only, target.read_only, target.exclusive) == ("acme", True, True, True)
    assert target.ca_file == str(tmp_path / "ca.pem")
    assert target.credentials.current() == target.credentials
    assert (target.credentials.session_token, target.credentials.region) == ("t", "eu-west-1")
    assert (target.s3.endpoint, target.s3.bucket, target.s3.prefix) == ("http://s3", "b", "acme")
    assert (target.limits.jobs, target.limits.seconds, target.timeouts.request) == (0, 60, 3)


def test_without_a_prefix_names_are_not_insisted_on(tmp_path):
    target = target_of(tmp_path, PLAIN)
    assert (target.prefix, target.own_only) == ("conformance", False)


# -- keys from elsewhere


@pytest.fixture
def aws(tmp_path, monkeypatch):
    """Files of the AWS tools of our own, and an environment without keys."""
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_PROFILE",
    ):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "credentials"
    file.write_text(
        "[conf]\naws_access_key_id = AK\naws_secret_access_key = SK\naws_session_token = ST\n[empty]\n", "utf-8"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    return file


@pytest.mark.usefixtures("aws")
def test_a_profile_gives_keys(tmp_path):
    text = PLAIN + '[auth]\nscheme = "sigv4"\nprofile = "conf"\n[s3]\nendpoint = "http://s3"\nprofile = "conf"\n'
    target = target_of(tmp_path, text)
    for keys_of in (target.credentials.current(), target.s3.keys()):
        assert (keys_of.access_key, keys_of.secret_key, keys_of.session_token) == ("AK", "SK", "ST")


@pytest.mark.usefixtures("aws")
def test_keys_that_expire_are_renewed(tmp_path):
    """A profile may run a command; each time it is asked, it gives other keys, good for a moment only."""
    counter, script = tmp_path / "count", tmp_path / "give.sh"
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=300)).isoformat()
    script.write_text(
        f'echo x >> {counter}\necho \'{{"Version": 1, "AccessKeyId": "AK\'$(wc -l < {counter} | tr -d " ")\'", '
        f'"SecretAccessKey": "SK", "SessionToken": "T", "Expiration": "{soon}"}}\'\n',
        "utf-8",
    )
    (tmp_path / "config").write_text(f"[profile moving]\ncredential_process = sh {script}\n", "utf-8")
    target = target_of(tmp_path, PLAIN + '[auth]\nscheme = "sigv4"\nprofile = "moving"\n')
    seen = {target.credentials.current().access_key for _ in range(3)}
    assert len(seen) > 1
    assert all(re.fullmatch(r"AK\d+", each) for each in seen)


@pytest.mark.parametrize(
    ("profile", "said"), [("nosuch", "could not be found"), ("empty", "gives none; try `aws configure list`")]
)
@pytest.mark.usefixtures("aws")
def test_a_profile_without_keys_is_told(profile, said, tmp_path):
    with pytest.raises(CredentialsError, match=said):
        target_of(tmp_path, PLAIN + f'[auth]\nscheme = "sigv4"\nprofile = "{profile}"\n')


ENVIRONMENT = PLAIN + '[auth]\nscheme = "sigv4"\nsource = "environment"\n'


@pytest.mark.usefixtures("aws")
def test_the_environment_gives_keys(tmp_path, monkeypatch):
    with pytest.raises(CredentialsError, match="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        target_of(tmp_path, ENVIRONMENT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "EK")
    with pytest.raises(CredentialsError, match="Partial credentials"):
        target_of(tmp_path, ENVIRONMENT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ES")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "ET")
    found = target_of(tmp_path, ENVIRONMENT).credentials.current()
    assert (found.access_key, found.secret_key, found.session_token) == ("EK", "ES", "ET")


@pytest.mark.usefixtures("aws")
def test_keys_of_the_environment_that_have_expired_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "EK")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ES")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z")
    with pytest.raises(CredentialsError, match="expired"):
        target_of(tmp_path, ENVIRONMENT)


def test_the_environment_gives_keys_of_naver_cloud(tmp_path, monkeypatch):
    text = 'api = "ncloud"\nurl = "http://localhost"\n[auth]\nscheme = "ncloud"\nsource = "environment"\n'
    monkeypatch.delenv("NCLOUD_ACCESS_KEY", raising=False)
    monkeypatch.setenv("NCLOUD_SECRET_KEY", "NS")
    with pytest.raises(CredentialsError, match="NCLOUD_ACCESS_KEY in the environment"):
        target_of(tmp_path, text)
    monkeypatch.setenv("NCLOUD_ACCESS_KEY", "NK")
    found = target_of(tmp_path, text).credentials.current()
    assert (found.access_key, found.secret_key) == ("NK", "NS")


# -- words


def test_every_key_is_explained():
    text = explained()
    for name, described, needed in keys(schema()):
        [entry] = [each for each in text.split("\n\n") if re.match(rf"\[?{re.escape(name)}\]? \(", each)]
        assert len(described["description"]) > 10
        assert ("needed" in entry) is needed
    assert explained("limits.jobs").startswith("limits.jobs (whole number)")
    with pytest.raises(SettingsError, match=r"there is no key limits\.nosuch"):
        explained("limits.nosuch")


@pytest.mark.parametrize("api", apis())
def test_a_template_is_a_target_file_as_it_is_and_with_every_line_in_use(api, tmp_path, monkeypatch):
    spec = load(api)
    text = template(spec, "http://localhost:99")
    content = read_target_file(written(tmp_path, text))
    assert (content["api"], content["url"]) == (api, "http://localhost:99")
    whole = re.sub(r"^# (\[\w+\]|\w+ = )", r"\1", text, flags=re.MULTILINE)
    (tmp_path / "ca.pem").write_text("", "utf-8")
    for name in ("TARGET_ACCESS_KEY", "TARGET_SECRET_KEY"):
        monkeypatch.setenv(name, "x")
    target_of(tmp_path, whole)
    named = {
        name
        for name, value in tomllib.loads(whole).items()
        for name in [name, *([f"{name}.{k}" for k in value] if isinstance(value, dict) else [])]
    }
    missing = {name for name, _, _ in keys(schema())} - named
    elsewhere = {f"{table}.{name}" for table in ("auth", "s3") for name in ("profile", "source", "session_token")}
    assert missing == elsewhere | (set() if spec.editions else {"edition"})


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    file = tmp_path / "target.toml"
    write_template("omics", file, None)
    before = file.read_text("utf-8")
    with pytest.raises(SettingsError, match="is there already"):
        write_template("ncloud", file, None)
    assert file.read_text("utf-8") == before
