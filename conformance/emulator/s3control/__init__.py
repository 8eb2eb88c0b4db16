"""S3 Control: the jobs of S3 Batch Operations."""
