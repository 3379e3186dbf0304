import { RequestError } from './mlflow-connection.ts';

/** What an answer comes to whose parts are not what MLflow's are. */
export function wrongShape(address: string): RequestError {
  return new RequestError(`${address} answered with something that is not MLflow's`, { status: 200 });
}

/** Whether an error is a mistake of this program's own. */
export function isMistake(error: Error): boolean {
  return error instanceof RangeError || error instanceof ReferenceError || error instanceof SyntaxError;
}

/** The same for failures of one cause, whose messages may each name their own key or file. */
export function causeOf(error: Error): string {
  if (error instanceof RequestError) return `${error.status} ${error.code || error.message}`;
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
