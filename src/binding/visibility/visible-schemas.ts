import { buildASTSchema, type GraphQLSchema, parse, printSchema } from 'graphql';
import type { Viewer } from '../../identity/viewer.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { Bindings } from '../bindings.js';
import { findHiddenInputs } from './hidden-inputs.js';
import { hideFromDocument, type OperationTypes } from './visible-document.js';

/** Schemas that are kept; a large one takes some megabytes. */
const MAX_SCHEMAS = 32;

/**
 * Schemas without what their viewers may not select, for introspection: nothing can be executed with them. One for all
 * who meet the same requirements.
 */
export class VisibleSchemas {
  readonly #schemas = new BoundedCache<GraphQLSchema>({ maxEntries: MAX_SCHEMAS, maxWeight: MAX_SCHEMAS });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly bindings: Bindings,
  ) {}

  /** The whole schema for whoever may select everything. */
  schemaOf(viewer: Viewer): GraphQLSchema {
    const { authorization } = this.bindings;
    if (!authorization?.hasRequirements) return this.schema;
    const access = authorization.accessOf(viewer);
    if (access.isFull) return this.schema;
    let visible = this.#schemas.get(access.key);
    if (visible === undefined) {
      const inputs = findHiddenInputs(this.schema, this.bindings, access);
      const document = hideFromDocument(parse(printSchema(this.schema)), nameOperationTypes(this.schema), {
        type: (typeName) => access.forbidsType(typeName),
        field: (typeName, fieldName) => access.forbidsField(typeName, fieldName),
        input: (coordinate) => inputs.has(coordinate),
      });
      visible = buildASTSchema(document, { assumeValid: true });
      this.#schemas.set(access.key, visible, { weight: 1, ttlMs: null });
    }
    return visible;
  }
}

function nameOperationTypes(schema: GraphQLSchema): OperationTypes {
  const others = [schema.getMutationType(), schema.getSubscriptionType()];
  // Checked at start: there is no schema without it.
  const query = schema.getQueryType()?.name ?? 'Query';
  return [query, ...others.flatMap((type) => (type == null ? [] : [type.name]))];
}
