"""The shapes that several requests and operations share; names and numbers are those of the S3 Control model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.rule import Flag, Items, Moment, Pairs, Structure, Text, Whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.rule import Rule

ACCOUNT_ID = Text(max=64, pattern=r"[0-9]{12}")
BUCKET_ARN = Text(min=1, max=128, pattern=r"arn:[^:]+:s3:.*")
TARGET_BUCKET_ARN = Text(min=1, max=128, pattern=r"arn:[^:]+:(s3|s3express):.*")
KMS_KEY = Text(min=1, max=2000)
KMS_KEY_ARN = Text(min=20, max=2048, pattern=r"arn:aws[a-zA-Z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+")
FUNCTION_ARN = Text(
    min=1,
    max=1024,
    pattern=(
        r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-[0-9]{1}:)?([0-9]{12}:)?"
        r"(function:)?([a-zA-Z0-9\-_]+)(:(\$LATEST|[a-zA-Z0-9\-_]+))?"
    ),
)
TEXT_64 = Text(min=1, max=64)
TEXT_1024 = Text(min=1, max=1024)
ON_OFF = Text(values=("OFF", "ON"))
LOCK_MODE = Text(values=("COMPLIANCE", "GOVERNANCE"))
STORAGE_CLASS = Text(
    values=("STANDARD", "STANDARD_IA", "ONEZONE_IA", "GLACIER", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR")
)
CANNED_ACL = Text(
    values=(
        "private",
        "public-read",
        "public-read-write",
        "aws-exec-read",
        "authenticated-read",
        "bucket-owner-read",
        "bucket-owner-full-control",
    )
)
CHECKSUMS = ("CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME", "SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128")

# Names of list items: the reference writes the documented one, the SDKs send `member`.
TAG_NAMES = ("S3Tag", "member")
GRANT_NAMES = ("S3Grant", "member")
_TAG_PUNCTUATION = "_.:/=+-@"


def tags(path: str, *, maximum: int | None = None, required: bool = False) -> dict[str, Rule]:
    """Return the rules of a list of tags (S3Tag of the model)."""
    return {
        path: Items(max=maximum, names=TAG_NAMES, required=required),
        f"{path}[]": Structure(),
        f"{path}[].Key": Text(required=True, min=1, max=128, categories="LZN", extra=_TAG_PUNCTUATION),
        f"{path}[].Value": Text(required=True, max=256, categories="LZN", extra=_TAG_PUNCTUATION),
    }


def grants(path: str) -> dict[str, Rule]:
    """Return the rules of a list of grants (S3Grant of the model)."""
    return {
        path: Items(names=GRANT_NAMES),
        f"{path}[]": Structure(),
        f"{path}[].Grantee": Structure(),
        f"{path}[].Grantee.TypeIdentifier": Text(values=("id", "emailAddress", "uri")),
        f"{path}[].Grantee.Identifier": TEXT_1024,
        f"{path}[].Grantee.DisplayName": TEXT_1024,
        f"{path}[].Permission": Text(values=("FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP")),
    }


def texts(path: str) -> dict[str, Rule]:
    """Return the rules of a list of non-empty strings."""
    return {path: Items(), f"{path}[]": TEXT_1024}


def hold_duration(path: str) -> dict[str, Rule]:
    """Return the rules of the duration of an event hold."""
    return {
        path: Structure(),
        f"{path}.Days": Whole(min=1, max=36500),
        f"{path}.Years": Whole(min=1, max=100),
    }


COPY: Mapping[str, Rule] = {
    "TargetResource": TARGET_BUCKET_ARN,
    "CannedAccessControlList": CANNED_ACL,
    **grants("AccessControlGrants"),
    "MetadataDirective": Text(values=("COPY", "REPLACE")),
    "AnnotationDirective": Text(values=("COPY", "EXCLUDE")),
    "ModifiedSinceConstraint": Moment(),
    "NewObjectMetadata": Structure(),
    "NewObjectMetadata.CacheControl": TEXT_1024,
    "NewObjectMetadata.ContentDisposition": TEXT_1024,
    "NewObjectMetadata.ContentEncoding": TEXT_1024,
    "NewObjectMetadata.ContentLanguage": TEXT_1024,
    "NewObjectMetadata.UserMetadata": Pairs(max=8192),
    "NewObjectMetadata.UserMetadata{key}": TEXT_1024,
    "NewObjectMetadata.UserMetadata{value}": Text(max=1024),
    "NewObjectMetadata.ContentLength": Whole(min=0),
    "NewObjectMetadata.ContentMD5": TEXT_1024,
    "NewObjectMetadata.ContentType": TEXT_1024,
    "NewObjectMetadata.HttpExpiresDate": Moment(),
    "NewObjectMetadata.RequesterCharged": Flag(),
    "NewObjectMetadata.SSEAlgorithm": Text(values=("AES256", "KMS")),
    **tags("NewObjectTagging"),
    "RedirectLocation": Text(min=1, max=2048),
    "RequesterPays": Flag(),
    "StorageClass": STORAGE_CLASS,
    "UnModifiedSinceConstraint": Moment(),
    "SSEAwsKmsKeyId": KMS_KEY,
    "TargetKeyPrefix": TEXT_1024,
    "ObjectLockLegalHoldStatus": ON_OFF,
    "ObjectLockMode": LOCK_MODE,
    "ObjectLockRetainUntilDate": Moment(),
    "BucketKeyEnabled": Flag(),
    "ChecksumAlgorithm": Text(values=CHECKSUMS),
    "ObjectLockEventHold": ON_OFF,
    **hold_duration("ObjectLockEventHoldDuration"),
}

ACL: Mapping[str, Rule] = {
    "AccessControlPolicy": Structure(),
    "AccessControlPolicy.AccessControlList": Structure(),
    "AccessControlPolicy.AccessControlList.Owner": Structure(required=True),
    "AccessControlPolicy.AccessControlList.Owner.ID": TEXT_1024,
    "AccessControlPolicy.AccessControlList.Owner.DisplayName": TEXT_1024,
    **grants("AccessControlPolicy.AccessControlList.Grants"),
    "AccessControlPolicy.CannedAccessControlList": CANNED_ACL,
}

GENERATOR: Mapping[str, Rule] = {
    "ExpectedBucketOwner": ACCOUNT_ID,
    "SourceBucket": Text(required=True, min=1, max=128, pattern=BUCKET_ARN.pattern),
    "ManifestOutputLocation": Structure(),
    "ManifestOutputLocation.ExpectedManifestBucketOwner": ACCOUNT_ID,
    "ManifestOutputLocation.Bucket": Text(required=True, min=1, max=128, pattern=BUCKET_ARN.pattern),
    "ManifestOutputLocation.ManifestPrefix": Text(min=1, max=512),
    "ManifestOutputLocation.ManifestEncryption": Structure(),
    "ManifestOutputLocation.ManifestEncryption.SSE-S3": Structure(),
    "ManifestOutputLocation.ManifestEncryption.SSE-KMS": Structure(),
    "ManifestOutputLocation.ManifestEncryption.SSE-KMS.KeyId": Text(required=True, min=1, max=2000),
    "ManifestOutputLocation.ManifestFormat": Text(required=True, values=("S3InventoryReport_CSV_20211130",)),
    "Filter": Structure(),
    "Filter.EligibleForReplication": Flag(),
    "Filter.CreatedAfter": Moment(),
    "Filter.CreatedBefore": Moment(),
    "Filter.ObjectReplicationStatuses": Items(),
    "Filter.ObjectReplicationStatuses[]": Text(values=("COMPLETED", "FAILED", "REPLICA", "NONE")),
    "Filter.KeyNameConstraint": Structure(),
    **texts("Filter.KeyNameConstraint.MatchAnyPrefix"),
    **texts("Filter.KeyNameConstraint.MatchAnySuffix"),
    **texts("Filter.KeyNameConstraint.MatchAnySubstring"),
    "Filter.ObjectSizeGreaterThanBytes": Whole(),
    "Filter.ObjectSizeLessThanBytes": Whole(),
    "Filter.MatchAnyStorageClass": Items(),
    "Filter.MatchAnyStorageClass[]": STORAGE_CLASS,
    "Filter.MatchAnyObjectEncryption": Items(min=1, max=1, names=("ObjectEncryption", "member")),
    "Filter.MatchAnyObjectEncryption[]": Structure(choice=True),
    "Filter.MatchAnyObjectEncryption[].SSE-S3": Structure(),
    "Filter.MatchAnyObjectEncryption[].SSE-KMS": Structure(),
    "Filter.MatchAnyObjectEncryption[].SSE-KMS.KmsKeyArn": KMS_KEY_ARN,
    "Filter.MatchAnyObjectEncryption[].SSE-KMS.BucketKeyEnabled": Flag(),
    "Filter.MatchAnyObjectEncryption[].DSSE-KMS": Structure(),
    "Filter.MatchAnyObjectEncryption[].DSSE-KMS.KmsKeyArn": KMS_KEY_ARN,
    "Filter.MatchAnyObjectEncryption[].SSE-C": Structure(),
    "Filter.MatchAnyObjectEncryption[].NOT-SSE": Structure(),
    "EnableManifestOutput": Flag(required=True),
}
