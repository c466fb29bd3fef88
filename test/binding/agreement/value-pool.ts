import type { ModelGraph } from '../../../src/model/model-graph.js';
import type { Row, RowValue } from '../../../src/reads/row.js';
import type { Random } from './random.js';

/** Cursors by the connection type that they are of and the order that they belong to. */
export interface KnownCursor {
  readonly connection: string;
  /** The value of `orderBy`; undefined: none was given. */
  readonly orderBy: unknown;
  readonly cursor: string;
}

/** What the operations' values are drawn from. */
export interface ValueSource {
  readonly graph: ModelGraph;
  /** All rows by model. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly cursors: readonly KnownCursor[];
  /** Types that have global ids. */
  readonly nodeTypes: readonly string[];
  /** Models of the types that are named otherwise. */
  readonly models: Readonly<Record<string, string>>;
  /** Values of certain arguments, by coordinate such as `Query.field(argument:)`. */
  readonly known: Readonly<Record<string, readonly unknown[]>>;
}

/** Values beside those of the database: between them, at bounds, of other scales, or nowhere to be found. */
const ODD_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, 2, 3, -1, 7000, 2_147_483_647, -2_147_483_648],
  Float: [0, 0.1, -1.5, 30, 1e21],
  Boolean: [true, false],
  String: ['', 'a', 'e', '%', '_', '\\', '"quotes"', "x'y", '🦓', 'Ö', '\n', 'nobody', '__proto__'],
  BigInt: ['0', '-1', '9007199254740993', '9223372036854775807', 12],
  Decimal: ['0', '5.5', '210.100', '-0.01', '1e3', 1.1, 'NaN'],
  DateTime: ['2019-05-01T10:00:00.123456Z', '2022-11-11T13:11:11+02:00', '1969-12-31T23:59:59.999999Z'],
  Date: ['2026-01-31', '0001-01-01', '9999-12-31'],
  Time: ['00:00:00', '12:00:00.000001', '23:59:59.999999'],
  UUID: ['00000000-0000-4000-8000-000000000000', 'FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF'],
  Bytes: ['', 'AA==', '/w=='],
  JSON: [null, 0, '', 'text', true, [], {}, [1, null], { a: null, b: [{ c: 'd' }] }],
};

/** Ids that nobody has, and texts that are none. */
const BAD_IDS = ['', 'x', 'garbage', '%%%', globalId('Nothing', '1'), globalId('Query', '1'), '1'];

/** Draws values of scalars, most of them from the database's own. */
export class ValuePool {
  readonly #columns = new Map<string, RowValue[]>();
  readonly #ids = new Map<string, string[]>();
  readonly #goneIds = new Map<string, string>();
  readonly #fitting = new Map<string, readonly RowValue[]>();
  readonly #cursors: readonly string[];
  /** By connection and order, as text. */
  readonly #cursorsOf = new Map<string, string[]>();
  readonly #ordersOf = new Map<string, unknown[]>();

  constructor(private readonly source: ValueSource) {
    for (const [model, { columns, primaryKey }] of source.graph.models) {
      const rows = source.rows.get(model) ?? [];
      for (const name of columns.keys()) {
        const values = rows.map((row) => row[name] ?? null).filter((value) => value !== null);
        this.#add(`${model}.${name}`, values);
        this.#add(name, values);
      }
      const keys = rows.map((row) => (primaryKey ?? []).map((name) => row[name] ?? null));
      for (const type of source.nodeTypes.filter((name) => this.findModel(name) === model)) {
        this.#ids.set(
          type,
          keys.map((key) => globalId(type, key.length === 1 ? String(key[0]) : JSON.stringify(key))),
        );
        this.#goneIds.set(type, globalId(type, goneKey(keys[0] ?? [])));
      }
    }
    this.#cursors = source.cursors.map(({ cursor }) => cursor);
    for (const { connection, orderBy, cursor } of source.cursors) {
      const key = cursorKey(connection, orderBy);
      const known = this.#cursorsOf.get(key);
      known?.push(cursor);
      if (known !== undefined) continue;
      this.#cursorsOf.set(key, [cursor]);
      this.#ordersOf.set(connection, [...(this.#ordersOf.get(connection) ?? []), orderBy]);
    }
  }

  /** The model of a type; null where it stands for none. */
  findModel(typeName: string): string | null {
    const model = this.source.models[typeName] ?? typeName;
    return this.source.graph.models.has(model) ? model : null;
  }

  /** Unique keys of a model, by its columns' names. */
  uniquesOf(model: string): readonly (readonly string[])[] {
    return this.source.graph.models.get(model)?.uniques ?? [];
  }

  /** Values that are known for an argument, by its coordinate. */
  knownOf(coordinate: string): readonly unknown[] {
    return this.source.known[coordinate] ?? [];
  }

  /** Orders of a connection type that some cursor is of. */
  ordersOf(connection: string): readonly unknown[] {
    return this.#ordersOf.get(connection) ?? [];
  }

  /** A cursor, most often one of this connection in this order. */
  drawCursor(random: Random, connection: string, orderBy: unknown): string {
    if (random.chance(0.03)) return random.pick(['', 'garbage', 'W10', globalId(connection, '1')]);
    const own = random.chance(0.04) ? undefined : this.#cursorsOf.get(cursorKey(connection, orderBy));
    return random.pickIfAny(own ?? this.#cursors) ?? 'none';
  }

  /** `model` is the one (for an ID the type) that the value is about, `name` that of its column, if either is known. */
  draw(random: Random, scalar: string, model: string | null, name: string): unknown {
    if (scalar === 'ID') return this.#drawId(random, model, name);
    const fitting = this.#findFitting(scalar, model, name);
    const odd = ODD_VALUES[scalar] ?? [];
    return fitting.length > 0 && (odd.length === 0 || random.chance(0.85))
      ? random.pick(fitting)
      : (random.pickIfAny(odd) ?? 'unknown');
  }

  /** A row of the model; undefined where it has none. */
  drawRow(random: Random, model: string): Row | undefined {
    return random.pickIfAny(this.source.rows.get(model) ?? []);
  }

  /** Values of a whole list column. */
  drawList(random: Random, model: string | null, name: string): readonly RowValue[] | undefined {
    const lists = (this.#columns.get(`${model}.${name}`) ?? []).filter((value) => Array.isArray(value));
    return random.pickIfAny(lists) as readonly RowValue[] | undefined;
  }

  #findFitting(scalar: string, model: string | null, name: string): readonly RowValue[] {
    const key = `${scalar} ${model} ${name}`;
    let fitting = this.#fitting.get(key);
    if (fitting === undefined) {
      const columns = this.#columns.get(`${model}.${name}`) ?? this.#columns.get(name) ?? [];
      fitting = columns.filter((value) => fits(scalar, value));
      this.#fitting.set(key, fitting);
    }
    return fitting;
  }

  #drawId(random: Random, model: string | null, name: string): string {
    if (random.chance(0.04)) return random.pick(BAD_IDS);
    const named = name.endsWith('Id') && name !== 'rawId' ? capitalise(name.slice(0, -2)) : model;
    const isKnown = named !== null && this.#ids.has(named) && !random.chance(0.04);
    const chosen = isKnown ? named : random.pick([...this.#ids.keys()]);
    const ids = this.#ids.get(chosen) ?? [];
    if (random.chance(0.05) || ids.length === 0) return this.#goneIds.get(chosen) ?? '';
    return random.pick(ids);
  }

  #add(key: string, values: readonly RowValue[]): void {
    this.#columns.set(key, [...(this.#columns.get(key) ?? []), ...values]);
  }
}

export function globalId(typeName: string, key: string): string {
  return Buffer.from(`${typeName}:${key}`).toString('base64url');
}

function cursorKey(connection: string, orderBy: unknown): string {
  return `${connection} ${JSON.stringify(orderBy ?? null)}`;
}

/** A key that no row has. */
function goneKey(key: readonly RowValue[]): string {
  const gone = key.map((part) =>
    typeof part === 'string' && /^[0-9a-f]{8}-/.test(part) ? '99999999-9999-4999-8999-999999999999' : '77777',
  );
  return gone.length === 1 ? String(gone[0]) : JSON.stringify(gone);
}

function fits(scalar: string, value: RowValue): boolean {
  switch (scalar) {
    case 'Int':
      return typeof value === 'number' && Number.isInteger(value);
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'Boolean':
      return typeof value === 'boolean';
    case 'BigInt':
      return typeof value === 'string' && /^-?\d+$/.test(value);
    case 'Decimal':
      return typeof value === 'number'
        ? Number.isFinite(value)
        : typeof value === 'string' && /\d|NaN/.test(value);
    case 'UUID':
      return typeof value === 'string' && /^[0-9a-f]{8}-/.test(value);
    case 'JSON':
      return true;
    default:
      return typeof value === 'string';
  }
}

function capitalise(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
