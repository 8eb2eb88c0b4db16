"""Where the specifications differ from botocore's service models, and why; ``*`` stands for every operation."""

from __future__ import annotations

_OPEN_MAP = "the model has an open map of texts here, the document names the three members that a load reads"
_GATEWAY = "common errors of the platform come with 400 as well, so this name is taken with either status"
_NO_SUCH_JOB = "the troubleshooting page of the user guide has this name for a job that is not there"

DIFFERENCES: dict[tuple[str, str, str], str] = {
    ("neptune", "StartLoaderJob", "parserConfiguration.allowEmptyStrings"): _OPEN_MAP,
    ("neptune", "StartLoaderJob", "parserConfiguration.baseUri"): _OPEN_MAP,
    ("neptune", "StartLoaderJob", "parserConfiguration.namedGraphUri"): _OPEN_MAP,
    ("neptune", "StartLoaderJob", "region/enum"): (
        "the model has regions younger than the document, and none of them is held against a service"
    ),
    ("omics", "*", "errors/AccessDeniedException/status"): _GATEWAY,
    ("omics", "*", "errors/ThrottlingException/status"): _GATEWAY,
    ("s3control", "CreateJob", "Operation.LambdaInvoke.FunctionArn/pattern"): (
        "the same pattern, with the hyphens inside its classes escaped so that every engine reads them as hyphens"
    ),
    ("s3control", "CreateJob", "Tags/maxItems"): "the user guide allows 50 tags, of which the model says nothing",
    ("s3control", "DescribeJob", "errors/NoSuchJobException/listed"): _NO_SUCH_JOB,
    ("s3control", "UpdateJobPriority", "errors/NoSuchJobException/listed"): _NO_SUCH_JOB,
    ("s3control", "UpdateJobStatus", "errors/NoSuchJobException/listed"): _NO_SUCH_JOB,
    ("s3control", "UpdateJobPriority", "errors/JobStatusException/listed"): (
        "the model lists it for changes of status only; a job that has ended may well refuse a priority with it"
    ),
}
