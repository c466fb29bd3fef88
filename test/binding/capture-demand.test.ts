import { findCaptureDemand } from '../../src/binding/capture-demand.js';
import type { CaptureDemand } from '../../src/changes/capture/capture-demand.js';
import { bindProtectedZoo } from './authorization/protected-zoo.js';
import { bindZooApi } from './zoo-schema.js';

let demand: CaptureDemand;
beforeAll(async () => {
  demand = findCaptureDemand((await bindZooApi()).bindings);
});

const slicesOf = (model: string) => demand.get(model)?.slices.map((columns) => columns.join()) ?? [];
const columnsOf = (model: string) => demand.get(model)?.columns ?? [];

describe('what an API asks of capture', () => {
  it('has a slice for each column that filters compare by equality', () => {
    expect(slicesOf('Animal')).toEqual(expect.arrayContaining(['mood', 'isOnShow', 'vetId', 'name']));
    // Only reached through another model's filter.
    expect(slicesOf('Taxon')).toContain('name');
  });

  it('has a slice for each look-up by a unique key, and for what tells members of an interface apart', () => {
    expect(slicesOf('Animal')).toContain('taxonId,name');
    expect(slicesOf('Keeper')).toEqual(expect.arrayContaining(['badge', 'email']));
    expect(slicesOf('Event')).toContain('kind');
  });

  it('has the columns of filters, orders and aggregates', () => {
    expect(columnsOf('Animal')).toEqual(expect.arrayContaining(['weightKg', 'bornAt', 'vetId', 'carerId']));
    expect(columnsOf('Feeding')).toEqual(expect.arrayContaining(['grams', 'since']));
    expect(columnsOf('Enclosure')).toContain('areaM2');
  });

  it('has a slice for each column that says whose a row is', async () => {
    const owned = findCaptureDemand((await bindProtectedZoo()).bindings);
    expect(owned.get('Keeper')?.slices).toContainEqual(['id']);
    expect(owned.get('Animal')?.slices).toContainEqual(['carerId']);
    expect(owned.get('Keeper')?.columns).toContain('id');
  });

  it('has nothing for models that are only reached by relations', () => {
    expect(demand.get('Passport')).toBeUndefined();
  });
});
