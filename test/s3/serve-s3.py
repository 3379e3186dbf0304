"""A server of S3 that proves each signature with botocore, and what botocore itself finds there.

Prints one line of JSON once it listens: its port and the keys of a user who may read and write the bucket `shared`.
Then answers lines of JSON: {"do": "get" | "put" | "list", "key": ..., "hex": ...}.
"""

import json
import os
import sys

# Those by which the user and the bucket are made; every one after them is authenticated.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"
for name in [name for name in os.environ if name.lower().endswith("_proxy") or name.startswith("AWS_")]:
    del os.environ[name]

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
host, port = server.get_host_and_port()


def client(service, key="nobody", secret="nothing"):
    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="eu-central-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )


iam = client("iam")
iam.create_user(UserName="layerline")
key = iam.create_access_key(UserName="layerline")["AccessKey"]
allowed = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]
iam.put_user_policy(
    UserName="layerline",
    PolicyName="shared",
    PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
    ),
)
client("s3").create_bucket(
    Bucket="shared", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
)
s3 = client("s3", key["AccessKeyId"], key["SecretAccessKey"])
print(json.dumps({"port": port, "key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}), flush=True)

for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "list":
        found = s3.list_objects_v2(Bucket="shared").get("Contents", [])
        answer = [one["Key"] for one in found]
    elif asked["do"] == "get":
        answer = s3.get_object(Bucket="shared", Key=asked["key"])["Body"].read().hex()
    else:
        metadata = asked.get("metadata", {})
        s3.put_object(Bucket="shared", Key=asked["key"], Body=bytes.fromhex(asked["hex"]), Metadata=metadata)
        answer = None
    print(json.dumps(answer), flush=True)
