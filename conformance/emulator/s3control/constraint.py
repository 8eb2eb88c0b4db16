"""The rules of every request of the jobs API, from the ListJobs document and the S3 Control model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.rule import Flag, Items, Moment, Pairs, Structure, Text, Whole
from conformance.emulator.s3control.job import Status
from conformance.emulator.s3control.shape import (
    ACCOUNT_ID,
    ACL,
    BUCKET_ARN,
    CHECKSUMS,
    COPY,
    FUNCTION_ARN,
    GENERATOR,
    KMS_KEY_ARN,
    LOCK_MODE,
    ON_OFF,
    TEXT_64,
    TEXT_1024,
    hold_duration,
    tags,
)
from conformance.emulator.table import Table, under

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.rule import Rule

_MAX_PRIORITY = 2147483647
_JOB_ID: Mapping[str, Rule] = {"JobId": Text(required=True, min=5, max=36, pattern=r"[a-zA-Z0-9\-_]+")}

_OPERATION: Mapping[str, Rule] = {
    # That exactly one operation is chosen is said by the user guide only; the model has a plain structure.
    "Operation": Structure(required=True, choice=True),
    "Operation.LambdaInvoke": Structure(),
    "Operation.LambdaInvoke.FunctionArn": FUNCTION_ARN,
    "Operation.LambdaInvoke.InvocationSchemaVersion": TEXT_64,
    "Operation.LambdaInvoke.UserArguments": Pairs(min=1, max=10),
    "Operation.LambdaInvoke.UserArguments{key}": TEXT_64,
    "Operation.LambdaInvoke.UserArguments{value}": Text(max=1024),
    "Operation.S3PutObjectCopy": Structure(),
    **under("Operation.S3PutObjectCopy", COPY),
    "Operation.S3PutObjectAcl": Structure(),
    **under("Operation.S3PutObjectAcl", ACL),
    "Operation.S3PutObjectTagging": Structure(),
    **tags("Operation.S3PutObjectTagging.TagSet"),
    "Operation.S3DeleteObjectTagging": Structure(),
    "Operation.S3InitiateRestoreObject": Structure(),
    "Operation.S3InitiateRestoreObject.ExpirationInDays": Whole(min=0),
    "Operation.S3InitiateRestoreObject.GlacierJobTier": Text(values=("BULK", "STANDARD")),
    "Operation.S3PutObjectLegalHold": Structure(),
    "Operation.S3PutObjectLegalHold.LegalHold": Structure(required=True),
    "Operation.S3PutObjectLegalHold.LegalHold.Status": Text(required=True, values=ON_OFF.values),
    "Operation.S3PutObjectRetention": Structure(),
    "Operation.S3PutObjectRetention.BypassGovernanceRetention": Flag(),
    "Operation.S3PutObjectRetention.Retention": Structure(required=True),
    "Operation.S3PutObjectRetention.Retention.RetainUntilDate": Moment(),
    "Operation.S3PutObjectRetention.Retention.Mode": LOCK_MODE,
    "Operation.S3PutObjectRetention.Retention.EventHold": ON_OFF,
    **hold_duration("Operation.S3PutObjectRetention.Retention.EventHoldDuration"),
    "Operation.S3ReplicateObject": Structure(),
    "Operation.S3ComputeObjectChecksum": Structure(),
    "Operation.S3ComputeObjectChecksum.ChecksumAlgorithm": Text(values=CHECKSUMS),
    "Operation.S3ComputeObjectChecksum.ChecksumType": Text(values=("FULL_OBJECT", "COMPOSITE")),
    "Operation.S3UpdateObjectEncryption": Structure(),
    "Operation.S3UpdateObjectEncryption.ObjectEncryption": Structure(),
    "Operation.S3UpdateObjectEncryption.ObjectEncryption.SSE-KMS": Structure(),
    "Operation.S3UpdateObjectEncryption.ObjectEncryption.SSE-KMS.KMSKeyArn": Text(
        required=True, min=20, max=2048, pattern=KMS_KEY_ARN.pattern
    ),
    "Operation.S3UpdateObjectEncryption.ObjectEncryption.SSE-KMS.BucketKeyEnabled": Flag(),
}

_REPORT: Mapping[str, Rule] = {
    "Report": Structure(required=True),
    "Report.Bucket": BUCKET_ARN,
    "Report.Format": Text(values=("Report_CSV_20180820",)),
    "Report.Enabled": Flag(required=True),
    "Report.Prefix": Text(min=1, max=512),
    "Report.ReportScope": Text(values=("AllTasks", "FailedTasksOnly")),
    "Report.ExpectedBucketOwner": ACCOUNT_ID,
}

_MANIFEST: Mapping[str, Rule] = {
    "Manifest": Structure(),
    "Manifest.Spec": Structure(required=True),
    "Manifest.Spec.Format": Text(
        required=True, values=("S3BatchOperations_CSV_20180820", "S3InventoryReport_CSV_20161130")
    ),
    "Manifest.Spec.Fields": Items(),
    "Manifest.Spec.Fields[]": Text(values=("Ignore", "Bucket", "Key", "VersionId")),
    "Manifest.Location": Structure(required=True),
    "Manifest.Location.ObjectArn": Text(required=True, min=1, max=2000, pattern=BUCKET_ARN.pattern),
    "Manifest.Location.ObjectVersionId": Text(min=1, max=2000),
    "Manifest.Location.ETag": Text(required=True, min=1, max=TEXT_1024.max),
    "ManifestGenerator": Structure(choice=True),
    "ManifestGenerator.S3JobManifestGenerator": Structure(),
    **under("ManifestGenerator.S3JobManifestGenerator", GENERATOR),
}

CREATE_JOB = Table(
    {
        "ConfirmationRequired": Flag(),
        **_OPERATION,
        **_REPORT,
        "ClientRequestToken": Text(required=True, min=1, max=64),
        **_MANIFEST,
        "Description": Text(min=1, max=256),
        "Priority": Whole(required=True, min=0, max=_MAX_PRIORITY),
        "RoleArn": Text(required=True, min=1, max=2048, pattern=r"arn:[^:]+:iam::[0-9]{12}:role/.*"),
        **tags("Tags", maximum=50),
    }
)

LIST_JOBS = Table(
    {
        "JobStatuses": Items(),
        "JobStatuses[]": Text(values=tuple(Status)),
        "MaxResults": Whole(min=0, max=1000),
        # The document's class holds the range "#-_", so it admits more than it seems to list.
        "NextToken": Text(min=1, max=1024, pattern=r"[A-Za-z0-9+:/=?#-_]+"),
    }
)

DESCRIBE_JOB = Table(_JOB_ID)

UPDATE_JOB_STATUS = Table(
    {
        **_JOB_ID,
        "RequestedJobStatus": Text(required=True, values=(Status.CANCELLED, Status.READY)),
        "StatusUpdateReason": Text(min=1, max=256),
    }
)

UPDATE_JOB_PRIORITY = Table({**_JOB_ID, "Priority": Whole(required=True, min=0, max=_MAX_PRIORITY)})

# Without a maximum: too many tags are a TooManyTagsException, not a breach.
PUT_JOB_TAGGING = Table({**_JOB_ID, **tags("Tags", required=True)})
