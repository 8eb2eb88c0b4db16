"""Where the specifications differ from botocore's service models, and why; ``*`` stands for every operation."""

from __future__ import annotations

_OPEN_MAP = "the model has an open map of texts here, the document names the three members that a load reads"
_GATEWAY = "common errors of the platform come with 400 as well, so this name is taken with either status"
_NO_SUCH_JOB = "the troubleshooting page of the user guide has this name for a job that is not there"

_IN_WORDS = "the model has no pattern, its words name the characters and where they may stand"
_FIRST = "the words say which character comes first, so there is one"
_LISTED = "the model has a plain text, its words list the names of filters"
_NO_CASE = "the model lists two values and says that case does not matter, which a pattern can say"
_NOT_SENT = "belongs to parts of the service that no job of this suite needs: other engines, fair shares, networks"

#: Members of the model that the specification does not speak of, by operation.
_UNSENT = {
    "CreateComputeEnvironment": "computeResources context ecsSettings eksConfiguration unmanagedvCpus",
    "CreateJobQueue": "jobQueueType jobStateTimeLimitActions schedulingPolicyArn serviceEnvironmentOrder",
    "RegisterJobDefinition": (
        "consumableResourceProperties ecsProperties eksProperties nodeProperties platformCapabilities "
        "retryStrategy.evaluateOnExit containerProperties.enableExecuteCommand containerProperties.environment "
        "containerProperties.ephemeralStorage containerProperties.executionRoleArn "
        "containerProperties.fargatePlatformConfiguration containerProperties.instanceType containerProperties.jobRoleArn "
        "containerProperties.linuxParameters containerProperties.logConfiguration containerProperties.memory "
        "containerProperties.mountPoints containerProperties.networkConfiguration containerProperties.privileged "
        "containerProperties.readonlyRootFilesystem containerProperties.repositoryCredentials "
        "containerProperties.runtimePlatform containerProperties.secrets containerProperties.ulimits "
        "containerProperties.user containerProperties.vcpus containerProperties.volumes"
    ),
    "SubmitJob": (
        "consumableResourcePropertiesOverride containerOverrides.instanceType containerOverrides.memory "
        "containerOverrides.vcpus ecsPropertiesOverride eksPropertiesOverride nodeOverrides"
    ),
    "UpdateComputeEnvironment": (
        "computeResources context ecsSettings eksConfiguration serviceRole unmanagedvCpus updatePolicy"
    ),
    "UpdateJobQueue": "computeEnvironmentOrder jobStateTimeLimitActions schedulingPolicyArn serviceEnvironmentOrder",
}
_EXIT = "retryStrategy.evaluateOnExit[]"

DIFFERENCES: dict[tuple[str, str, str], str] = {
    **{("batch", name, member): _NOT_SENT for name, members in _UNSENT.items() for member in members.split()},
    ("batch", "CreateComputeEnvironment", "computeEnvironmentName/pattern"): _IN_WORDS,
    ("batch", "CreateComputeEnvironment", "computeEnvironmentName/minLength"): "a name of no characters is none",
    ("batch", "CreateJobQueue", "jobQueueName/pattern"): _IN_WORDS,
    ("batch", "CreateJobQueue", "jobQueueName/minLength"): "a name of no characters is none",
    ("batch", "RegisterJobDefinition", "jobDefinitionName/pattern"): _IN_WORDS,
    ("batch", "RegisterJobDefinition", "jobDefinitionName/minLength"): "a name of no characters is none",
    ("batch", "ListJobs", "filters[].name/enum"): _LISTED,
    ("batch", "SubmitJob", "containerOverrides.environment[].name/pattern"): _IN_WORDS,
    ("batch", "SubmitJob", "jobName/minLength"): _FIRST,
    ("batch", "SubmitJob", "jobName/pattern"): _IN_WORDS,
    ("batch", "SubmitJob", f"{_EXIT}.action/enum"): _NO_CASE,
    ("batch", "SubmitJob", f"{_EXIT}.action/pattern"): _NO_CASE,
    ("batch", "SubmitJob", f"{_EXIT}.onExitCode/pattern"): _IN_WORDS,
    ("batch", "SubmitJob", f"{_EXIT}.onReason/pattern"): _IN_WORDS,
    ("batch", "SubmitJob", f"{_EXIT}.onStatusReason/pattern"): _IN_WORDS,
    ("batch", "SubmitJob", "shareIdentifier/pattern"): _IN_WORDS,
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
