import { clothing } from './departments/clothing.js';
import type { Department } from './departments/department.js';
import { electronics } from './departments/electronics.js';
import { furniture } from './departments/furniture.js';
import { garden } from './departments/garden.js';
import { kitchen } from './departments/kitchen.js';
import { outdoors } from './departments/outdoors.js';
import { stationery } from './departments/stationery.js';
import { toys } from './departments/toys.js';

/** The roots of the category tree, in their order. A small seed has the first ones only. */
export const DEPARTMENTS: readonly Department[] = [
  furniture,
  kitchen,
  garden,
  outdoors,
  stationery,
  electronics,
  clothing,
  toys,
];
