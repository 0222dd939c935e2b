"""The only code that knows boto3: keys and sign-in; each fulfils a protocol of the services."""
