/** One root of the category tree, and what is said of any of its products. */
export interface Department {
  readonly name: string;
  readonly description: string;
  /** Follow "with": `spare screws in the box`. */
  readonly traits: readonly string[];
  /** Whole sentences about where or how it is used. */
  readonly uses: readonly string[];
  readonly groups: readonly Group[];
}

/** A category of the second level, and what is said of its products alone. */
export interface Group {
  readonly name: string;
  readonly description: string;
  /** Stand before the noun in a product's name: `Oak`, `Cast Iron`. */
  readonly materials: readonly string[];
  readonly traits: readonly string[];
  readonly uses: readonly string[];
  readonly shelves: readonly Shelf[];
}

/** A category of the third level: its name, what its products are called, lowest and highest price. */
export type Shelf = readonly [name: string, nouns: readonly string[], lowest: number, highest: number];
