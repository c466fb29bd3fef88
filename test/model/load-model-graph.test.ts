import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SluiceError } from '../../src/kernel/sluice-error.js';
import { loadModelGraph, parseModelGraph } from '../../src/model/load-model-graph.js';

function column(name: string, more: object = {}) {
  return {
    name,
    dbName: name,
    type: 'Int',
    enumName: null,
    pgType: 'int4',
    isList: false,
    isNullable: false,
    isReadOnly: false,
    hasDefault: false,
    description: null,
    ...more,
  };
}

function relation(name: string, target: string, local: string[], foreign: string[]) {
  const link = { kind: 'columns', local, foreign, keyOn: 'local' };
  return { name, target, relationName: 'R', cardinality: 'one', isNullable: false, link, description: null };
}

function model(name: string, more: object = {}) {
  return {
    name,
    dbName: name.toLowerCase(),
    dbSchema: null,
    kind: 'table',
    description: null,
    columns: [column('id')],
    relations: [],
    primaryKey: ['id'],
    uniques: [['id']],
    ...more,
  };
}

const mood = {
  name: 'Mood',
  dbName: 'mood',
  dbSchema: null,
  values: [{ name: 'CALM', dbName: 'calm' }],
  description: null,
};

function graphOf(...models: object[]) {
  return { version: 1, hash: 'abc', enums: [mood], models };
}

function faultOf(json: unknown): SluiceError {
  try {
    parseModelGraph(json);
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('a model graph', () => {
  it('is parsed into maps by name, in the written order', () => {
    const graph = parseModelGraph(
      graphOf(
        model('Ship', {
          columns: [column('id'), column('portId'), column('mood', { type: 'Enum', enumName: 'Mood' })],
          relations: [relation('port', 'Port', ['portId'], ['id'])],
        }),
        model('Port'),
      ),
    );
    expect(graph.hash).toBe('abc');
    expect([...graph.models.keys()]).toEqual(['Ship', 'Port']);
    expect([...graph.models.get('Ship')!.columns.keys()]).toEqual(['id', 'portId', 'mood']);
    expect(graph.models.get('Ship')!.relations.get('port')!.target).toBe('Port');
    expect(graph.enums.get('Mood')!.values).toEqual([{ name: 'CALM', dbName: 'calm' }]);
  });

  it('of another format version is refused with the command that writes a new one', () => {
    const fault = faultOf({ ...graphOf(), version: 2 });
    expect(fault.code).toBe('MODEL_GRAPH_INVALID');
    expect(fault.message).toBe('the model graph has format 2, and this version of Sluice reads format 1');
    expect(fault.hint).toContain('npm run generate');
  });

  it.each([null, [], 'text', {}, { version: 1 }])('that is no graph at all is refused: %j', (json) => {
    expect(faultOf(json).code).toBe('MODEL_GRAPH_INVALID');
  });

  it('with a wrong part is refused with the path to it', () => {
    const fault = faultOf(graphOf(model('Ship', { columns: [column('id', { type: 'Point' })] })));
    expect(fault.message).toContain('models.0.columns.0.type: ');
  });

  it.each<[string, object[], string]>([
    [
      'a relation to an unknown model',
      [model('Ship', { relations: [relation('port', 'Prot', ['id'], ['id'])] }), model('Port')],
      'relation Ship.port names Prot (did you mean "Port"?)',
    ],
    [
      'a relation over an unknown column of its own model',
      [model('Ship', { relations: [relation('port', 'Port', ['portId'], ['id'])] }), model('Port')],
      'relation Ship.port names Ship.portId',
    ],
    [
      'a relation over an unknown column of the other model',
      [model('Ship', { relations: [relation('port', 'Port', ['id'], ['ix'])] }), model('Port')],
      'relation Ship.port names Port.ix (did you mean "id"?)',
    ],
    [
      'a relation that pairs columns unevenly',
      [
        model('Ship', {
          columns: [column('id'), column('a')],
          relations: [relation('port', 'Port', ['id', 'a'], ['id'])],
        }),
        model('Port'),
      ],
      'relation Ship.port pairs 2 with 1 columns',
    ],
    [
      'a key of an unknown column',
      [model('Ship', { primaryKey: ['code'] })],
      'a key of Ship names Ship.code',
    ],
    [
      'an unknown enum',
      [model('Ship', { columns: [column('id', { type: 'Enum', enumName: 'Temper' })] })],
      'Ship.id names the enum Temper',
    ],
    [
      'an enum on a column that is none',
      [model('Ship', { columns: [column('id', { enumName: 'Mood' })] })],
      'Ship.id names the enum Mood',
    ],
  ])('with %s is refused', (_, models, message) => {
    expect(faultOf(graphOf(...models)).message).toContain(message);
  });

  it('without any key is accepted: a view may have none', () => {
    const graph = parseModelGraph(graphOf(model('Census', { kind: 'view', primaryKey: null, uniques: [] })));
    expect(graph.models.get('Census')!.primaryKey).toBeNull();
  });
});

describe('the file of a model graph', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'model-graph-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('is read and parsed', async () => {
    const file = path.join(folder, 'whole.json');
    await writeFile(file, JSON.stringify(graphOf(model('Ship'))));
    expect((await loadModelGraph(file)).models.has('Ship')).toBe(true);
  });

  it('is asked for by name and command when it is missing', async () => {
    const file = path.join(folder, 'absent.json');
    await expect(loadModelGraph(file)).rejects.toMatchObject({
      code: 'MODEL_GRAPH_INVALID',
      message: `there is no model graph at ${file}`,
      hint: expect.stringContaining('npm run generate'),
    });
  });

  it('is named when it is half a file, or no file', async () => {
    const file = path.join(folder, 'half.json');
    await writeFile(file, '{ "version": 1,');
    await expect(loadModelGraph(file)).rejects.toThrow(`the model graph at ${file} is not JSON`);
    await expect(loadModelGraph(folder)).rejects.toThrow(`the model graph at ${folder} can't be read`);
  });
});
