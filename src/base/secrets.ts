/** Who someone is, between a scheme and a host: `https://user:password@host`. */
const userInfo = /(?<=[a-z][a-z0-9+.-]*:\/\/)[^\s/'"<>]*@/gi;
/** A value in the query of an address whose name says that it is secret. */
const secretQuery = /(?<=[?&])(?=[\w-]*(?:token|secret|passw|key|sig|credential|auth))([\w-]+=)[^&\s'"#<>]+/gi;
/** Variables whose values are secrets. */
const variables = ['MLFLOW_TRACKING_TOKEN', 'MLFLOW_TRACKING_PASSWORD'] as const;
// A shorter one would be found in innocent words.
const shortestSecret = 6;

/** A text with `***` in place of passwords and tokens: for all that is shown, recorded or sent. */
export function hideSecrets(text: string): string {
  const hidden = text.replace(userInfo, '***@').replace(secretQuery, '$1***');
  return variables.reduce((shown, name) => {
    const value = process.env[name]?.trim() ?? '';
    return value.length < shortestSecret ? shown : shown.replaceAll(value, '***');
  }, hidden);
}
