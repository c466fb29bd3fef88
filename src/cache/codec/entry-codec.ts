import { promisify } from 'node:util';
import { constants, crc32, gunzip, gzip } from 'node:zlib';
import type { CacheEntry } from '../entries/cache-entry.js';
import { ownBytes } from '../entries/own-bytes.js';
import { shareHashes } from '../entries/shared-hashes.js';

/** Of the layout below; another one is not read. */
const VERSION = 2;
const MAGIC = 0x51;
const PLAIN = 0;
const GZIP = 1;
/** Magic, version, form, checksum; when it was kept, three lives, its position; four lengths. */
const HEAD_BYTES = 3 + 4 + 8 + 8 * 3 + 8 + 4 * 4;
/** A level above takes twice the time for a few per cent. */
const GZIP_LEVEL = 1;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Entries as bytes, for those who keep bytes. */
export class EntryCodec {
  /** @param compressAboveBytes smaller bodies are kept plainly; 0: none is */
  constructor(private readonly compressAboveBytes: number) {}

  async encode(entry: CacheEntry): Promise<Buffer> {
    const { body, stamp, tagHashes, modelHashes } = entry;
    const isCompressed = this.compressAboveBytes > 0 && body.length > this.compressAboveBytes;
    const bytes = isCompressed ? await compress(body, { level: GZIP_LEVEL }) : body;
    const texts = [stamp.epoch, entry.etag].map((text) => Buffer.from(text));
    const textBytes = texts.reduce((sum, text) => sum + text.length + 2, 0);
    const encoded = Buffer.alloc(
      HEAD_BYTES + textBytes + (tagHashes.length + modelHashes.length) * 4 + bytes.length,
    );
    encoded[0] = MAGIC;
    encoded[1] = VERSION;
    encoded[2] = isCompressed ? GZIP : PLAIN;
    const writer = new Writer(encoded, 7);
    writer.double(entry.storedAtMs);
    writer.double(entry.freshMs);
    writer.double(entry.staleWhileRevalidateMs);
    writer.double(entry.staleIfErrorMs);
    writer.double(stamp.id);
    writer.uint(tagHashes.length);
    writer.uint(modelHashes.length);
    writer.uint(body.length);
    writer.uint(bytes.length);
    for (const text of texts) writer.text(text);
    for (const hash of tagHashes) writer.uint(hash);
    for (const hash of modelHashes) writer.uint(hash);
    writer.bytes(bytes);
    encoded.writeUInt32LE(sumOf(encoded), 3);
    return encoded;
  }

  /** Null for what no such codec has written, or what was damaged since. */
  async decode(encoded: Buffer): Promise<CacheEntry | null> {
    if (encoded.length < HEAD_BYTES || encoded[0] !== MAGIC || encoded[1] !== VERSION) return null;
    if (sumOf(encoded) !== encoded.readUInt32LE(3)) return null;
    // Of these very bytes someone has made the sum, so they are what was written.
    const reader = new Reader(encoded, 7);
    const storedAtMs = reader.double();
    const freshMs = reader.double();
    const staleWhileRevalidateMs = reader.double();
    const staleIfErrorMs = reader.double();
    const id = reader.double();
    const [tagCount, modelCount, bodyBytes, byteCount] = [
      reader.uint(),
      reader.uint(),
      reader.uint(),
      reader.uint(),
    ];
    const epoch = reader.text();
    const etag = reader.text();
    const tagHashes = reader.uints(tagCount);
    const modelHashes = shareHashes(reader.uints(modelCount));
    const bytes = reader.bytes(byteCount);
    const body = encoded[2] === GZIP ? await unfold(bytes, bodyBytes) : bytes;
    if (body === null) return null;
    const stamp = { epoch, id };
    const times = { storedAtMs, freshMs, staleWhileRevalidateMs, staleIfErrorMs };
    const own = ownBytes(body, tagHashes);
    return { body: own.body, etag, stamp, tagHashes: own.hashes, modelHashes, ...times };
  }
}

/** Over all but the sum itself, and what is compared byte by byte. */
function sumOf(encoded: Buffer): number {
  return crc32(encoded.subarray(7), encoded[2]);
}

/** Null where it isn't what it says. */
async function unfold(bytes: Buffer, bodyBytes: number): Promise<Buffer | null> {
  try {
    const body = await decompress(bytes, {
      maxOutputLength: Math.max(1, bodyBytes),
      finishFlush: constants.Z_FINISH,
    });
    return body.length === bodyBytes ? body : null;
  } catch {
    // Whoever made this sum has written something else.
    return null;
  }
}

class Writer {
  constructor(
    private readonly target: Buffer,
    private at: number,
  ) {}

  uint(value: number): void {
    this.at = this.target.writeUInt32LE(value, this.at);
  }

  double(value: number): void {
    this.at = this.target.writeDoubleLE(value, this.at);
  }

  text(text: Buffer): void {
    this.at = this.target.writeUInt16LE(text.length, this.at);
    this.bytes(text);
  }

  bytes(bytes: Buffer): void {
    bytes.copy(this.target, this.at);
    this.at += bytes.length;
  }
}

class Reader {
  constructor(
    private readonly source: Buffer,
    private at: number,
  ) {}

  uint(): number {
    this.at += 4;
    return this.source.readUInt32LE(this.at - 4);
  }

  uints(count: number): Uint32Array {
    const values = new Uint32Array(count);
    for (let index = 0; index < count; index++) values[index] = this.uint();
    return values;
  }

  double(): number {
    this.at += 8;
    return this.source.readDoubleLE(this.at - 8);
  }

  text(): string {
    const length = this.source.readUInt16LE(this.at);
    this.at += 2;
    return this.bytes(length).toString();
  }

  bytes(length: number): Buffer {
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }
}
