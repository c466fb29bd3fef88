import type { FormattedExecutionResult } from 'graphql';

const HEAD = '{"data":';

/** An answer's data as the text that is sent, in the place of the data itself. */
export class EncodedData {
  /** @param body a whole response without errors or extensions: `{"data":…}` */
  constructor(readonly body: string) {}
}

/** A response that holds `data` and nothing else, as it is sent and kept. */
export function encodeBody(data: unknown): string {
  return data instanceof EncodedData ? data.body : `${HEAD}${JSON.stringify(data)}}`;
}

/** As `JSON.stringify`, but data that is encoded already is taken as it is. */
export function stringifyResult(result: FormattedExecutionResult): string {
  const { data, errors, extensions } = result;
  if (!(data instanceof EncodedData)) return JSON.stringify(result);
  // Only answers without errors are ever kept.
  if (errors !== undefined) throw new TypeError('Encoded data stands beside errors.');
  if (extensions === undefined) return data.body;
  return `${data.body.slice(0, -1)},"extensions":${JSON.stringify(extensions)}}`;
}
