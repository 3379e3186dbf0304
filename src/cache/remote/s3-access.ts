import { failure } from '../../base/diagnostics.ts';

/** Who asks an S3-compatible store, and where it is: as the tools of AWS take it from the environment. */
export interface S3Access {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
  /** Of a store that is not AWS's; undefined: AWS's own of the region. */
  readonly endpoint?: URL;
}

/** @throws UserError `remote-not-set-up` */
export function readS3Access(env: Readonly<Record<string, string | undefined>>): S3Access {
  const of = (name: string) => env[name]?.trim() || undefined;
  const [accessKeyId, secretAccessKey] = [of('AWS_ACCESS_KEY_ID'), of('AWS_SECRET_ACCESS_KEY')];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const missing = accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY';
    const hint = 'Those of a profile are printed by `aws configure export-credentials --format env`.';
    throw failure('remote-not-set-up', `an s3: address needs ${missing}, which is not set`, hint);
  }
  const sessionToken = of('AWS_SESSION_TOKEN');
  const region = of('AWS_REGION') ?? of('AWS_DEFAULT_REGION') ?? 'us-east-1';
  if (!/^[a-z0-9-]{1,40}$/.test(region))
    throw failure('remote-not-set-up', 'AWS_REGION is no region', 'Set it to one such as eu-central-1.');
  const endpoint = endpointOf(of('AWS_ENDPOINT_URL_S3') ?? of('AWS_ENDPOINT_URL'));
  return {
    accessKeyId,
    secretAccessKey,
    region,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function endpointOf(address: string | undefined): URL | undefined {
  if (address === undefined) return undefined;
  const url = /^https?:\/\/[^/\\\s]/i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || `${url.username}${url.password}${url.search}${url.hash}` !== '')
    throw failure(
      'remote-not-set-up',
      'AWS_ENDPOINT_URL is no address of an S3-compatible store',
      'Write it as https://HOST:PORT, without user, password, ? and #.',
    );
  return url;
}

/** The address of a bucket, without a stroke at its end. */
export function bucketAddress(bucket: string, { endpoint, region }: S3Access): URL {
  if (endpoint !== undefined) return new URL(`${endpoint.href.replace(/\/+$/, '')}/${bucket}`);
  const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  // The certificate of a name with more dots would not be the bucket's.
  return new URL(bucket.includes('.') ? `https://${host}/${bucket}` : `https://${bucket}.${host}`);
}
