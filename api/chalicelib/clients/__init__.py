"""The only code that knows boto3 beside the stores, and whoever carries messages.

Keys, sign-in and carriers of messages; each fulfils a protocol of the services.
"""
