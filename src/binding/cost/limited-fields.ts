import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { CostTable } from './cost-table.js';

/** Knows which documents select a field that has a limit of its own. */
export class LimitedFields {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly table: CostTable,
  ) {}

  /** Whether some operation of a validated document may resolve such a field, whatever its variables. */
  areSelected(document: DocumentNode): boolean {
    if (!this.table.hasLimits) return false;
    const typeInfo = new TypeInfo(this.schema);
    let found = false;
    visit(
      document,
      visitWithTypeInfo(typeInfo, {
        Field: (node) => {
          const parent = typeInfo.getParentType();
          if (parent != null && this.#isLimited(parent, node.name.value)) found = true;
        },
      }),
    );
    return found;
  }

  #isLimited(parent: NonNullable<ReturnType<TypeInfo['getParentType']>>, fieldName: string): boolean {
    const types = isAbstractType(parent) ? this.schema.getPossibleTypes(parent) : [parent];
    return types.some(
      (type) => isObjectType(type) && this.table.types.get(type.name)?.get(fieldName)?.limit != null,
    );
  }
}
