import type { SeedTable } from './seed-table.js';
import { toSlug } from './slug.js';
import type { Department, Group, Shelf } from './words/departments/department.js';
import { DEPARTMENTS } from './words/departments.js';
import { toThing } from './words/thing.js';

/** A category of the third level, where products stand. */
export interface ShelfCategory {
  readonly id: number;
  readonly department: Department;
  readonly group: Group;
  readonly shelf: Shelf;
}

interface CategoryRow {
  readonly id: number;
  readonly parentId: number | null;
  readonly name: string;
  readonly description: string;
  readonly sortOrder: number;
  readonly isFeatured: boolean;
}

/** The front page shows the first shelf of each department's first groups. */
const FEATURED_GROUPS = 2;

/** The categories of the first departments, parents before children. */
export class CategoryTree {
  readonly shelves: readonly ShelfCategory[];
  private readonly categories: readonly CategoryRow[];

  constructor(departmentCount: number) {
    const categories: CategoryRow[] = [];
    const shelves: ShelfCategory[] = [];
    const add = (category: Omit<CategoryRow, 'id'>): number => {
      const id = categories.length + 1;
      categories.push({ id, ...category });
      return id;
    };
    for (const [sortOrder, department] of DEPARTMENTS.slice(0, departmentCount).entries()) {
      const { name, description } = department;
      const departmentId = add({ parentId: null, name, description, sortOrder, isFeatured: false });
      for (const [place, group] of department.groups.entries()) {
        const { name, description } = group;
        const groupId = add({
          parentId: departmentId,
          name,
          description,
          sortOrder: place,
          isFeatured: false,
        });
        for (const [sortOrder, shelf] of group.shelves.entries()) {
          const isFeatured = sortOrder === 0 && place < FEATURED_GROUPS;
          const row = {
            parentId: groupId,
            name: shelf[0],
            description: describeShelf(shelf),
            sortOrder,
            isFeatured,
          };
          shelves.push({ id: add(row), department, group, shelf });
        }
      }
    }
    this.categories = categories;
    this.shelves = shelves;
  }

  table(): SeedTable {
    const { categories } = this;
    return {
      name: 'categories',
      columns: ['id', 'parent_id', 'slug', 'name', 'description', 'sort_order', 'is_featured'],
      expectedRows: categories.length,
      *rows() {
        for (const { id, parentId, name, description, sortOrder, isFeatured } of categories) {
          yield [id, parentId, toSlug(name), name, description, sortOrder, isFeatured];
        }
      },
    };
  }
}

function describeShelf([name, nouns]: Shelf): string {
  const things = nouns.map((noun) => toThing(noun));
  return `${name} for every day and for the special one: from the ${things[0]} to the ${things.at(-1)}.`;
}
