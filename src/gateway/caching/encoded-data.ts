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
  const head = errors === undefined ? '{' : `{"errors":${JSON.stringify(errors)},`;
  const tail = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `${head}${data.body.slice(1, -1)}${tail}}`;
}
