import { parseViewerId } from '../../../src/binding/authorization/viewer-id.js';
import type { Column, ModelGraph } from '../../../src/model/model-graph.js';
import { domainGraph } from '../../domain/domain-graph.js';

describe("a viewer's id", () => {
  let graph: ModelGraph;

  beforeAll(async () => {
    graph = await domainGraph();
  });

  const column = (model: string, name: string): Column => graph.models.get(model)!.columns.get(name)!;

  it.each<[string, string, string, unknown]>([
    ['Keeper', 'id', '7', 7],
    ['Keeper', 'id', '-7', -7],
    ['Keeper', 'id', '07', null],
    ['Keeper', 'id', '-0', null],
    ['Keeper', 'id', '1.0', null],
    ['Keeper', 'id', '1e1', null],
    ['Keeper', 'id', ' 1', null],
    ['Keeper', 'id', '', null],
    ['Keeper', 'id', '2147483648', null],
    ['Specimen', 'small', '32768', null],
    ['Animal', 'id', '9007199254740993', '9007199254740993'],
    ['Animal', 'id', '9223372036854775808', null],
    ['Animal', 'id', '007', null],
    ['Shift', 'id', 'FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF', 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
    ['Shift', 'id', 'ffffffff', null],
    ['Keeper', 'badge', "K-001' OR ''='", "K-001' OR ''='"],
    ['Keeper', 'badge', 'K\0', null],
  ])('is read as %s.%s: %j', (model, name, id, value) => {
    expect(parseViewerId(id, column(model, name))).toBe(value);
  });
});
