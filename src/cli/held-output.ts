import { Writable } from 'node:stream';

/** Log lines, kept back until the banner is printed: it says what they are about. */
export interface HeldOutput {
  readonly stream: Writable;
  /** Lets out what was kept, and all that follows at once. */
  release(): void;
}

export function holdOutput(target: { write(text: string): unknown }): HeldOutput {
  let kept: string[] | null = [];
  return {
    stream: new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        const text = chunk.toString();
        if (kept === null) target.write(text);
        else kept.push(text);
        done();
      },
    }),
    release() {
      const lines = kept ?? [];
      kept = null;
      for (const line of lines) target.write(line);
    },
  };
}
