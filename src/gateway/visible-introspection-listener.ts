import { HeaderMap } from '@apollo/server';
import {
  type ASTNode,
  type DocumentNode,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { collectResponseFields } from '../binding/execution/selected-fields.js';
import type { VisibleSchemas } from '../binding/visibility/visible-schemas.js';
import type { RequestListener } from './request-listener.js';

type Variables = Readonly<Record<string, unknown>>;
type Data = Readonly<Record<string, unknown>>;

/** What an operation asks of the schema itself. */
interface Introspection {
  readonly document: DocumentNode;
  /** Whether it asks nothing else. */
  readonly isAll: boolean;
}

/** Answers introspection from the schema that its viewer may see; all else is left to the others. */
export function createVisibleIntrospectionListener(schemas: VisibleSchemas): RequestListener {
  const asking = new WeakMap<DocumentNode, boolean>();

  function mayAsk(document: DocumentNode): boolean {
    let known = asking.get(document);
    if (known === undefined) {
      known = mentionsSchema(document);
      asking.set(document, known);
    }
    return known;
  }

  return {
    async responseForOperation({ schema, document, operation, request, contextValue }) {
      if (!mayAsk(document)) return null;
      const variables = request.variables ?? {};
      const introspection = findIntrospection(schema, document, operation, variables);
      if (introspection === null || !introspection.isAll) return null;
      const data = await introspect(schemas.schemaOf(contextValue.viewer), introspection, variables);
      return {
        http: { status: undefined, headers: new HeaderMap() },
        body: { kind: 'single', singleResult: { data } },
      };
    },

    // Beside other fields it has been answered with them, from the whole schema: that is not to leave.
    async willSendResponse({ schema, document, operation, request, response, contextValue }) {
      if (document === undefined || operation == null || response.body.kind !== 'single') return;
      if (!mayAsk(document)) return;
      const { singleResult } = response.body;
      if (singleResult.data == null) return;
      const variables = request.variables ?? {};
      const introspection = findIntrospection(schema, document, operation, variables);
      if (introspection === null || introspection.isAll) return;
      const visible = await introspect(schemas.schemaOf(contextValue.viewer), introspection, variables);
      singleResult.data = { ...singleResult.data, ...visible };
    },
  };
}

async function introspect(
  schema: GraphQLSchema,
  { document }: Introspection,
  variableValues: Variables,
): Promise<Data> {
  const { data } = await execute({ schema, document, variableValues });
  return data ?? {};
}

function mentionsSchema(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field(node) {
      found ||= isAboutSchema(node);
    },
  });
  return found;
}

function isAboutSchema(node: FieldNode): boolean {
  return node.name.value === '__schema' || node.name.value === '__type';
}

/** Null where the operation doesn't ask for the schema, or has faulty variables. */
function findIntrospection(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Introspection | null {
  const query = schema.getQueryType();
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (operation.operation !== 'query' || query == null || coerced === undefined) return null;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const root: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: 'query' },
    selectionSet: operation.selectionSet,
  };
  const fields = [
    ...collectResponseFields({ schema, fragments, variableValues: coerced }, query, [root]).values(),
  ];
  const asked = fields.filter(([node]) => node !== undefined && isAboutSchema(node));
  if (asked.length === 0) return null;
  return { document: askAlone(operation, asked.flat(), fragments), isAll: asked.length === fields.length };
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** The same operation with these fields alone. What others use of it may be of types that the visible schema lacks. */
function askAlone(
  operation: OperationDefinitionNode,
  selections: readonly FieldNode[],
  fragments: Fragments,
): DocumentNode {
  const variables = new Set<string>();
  const spread = new Set<FragmentDefinitionNode>();
  const pending: ASTNode[] = [...selections];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    visit(next, {
      Variable(node) {
        variables.add(node.name.value);
      },
      FragmentSpread(node) {
        const fragment = fragments[node.name.value];
        if (fragment === undefined || spread.has(fragment)) return;
        spread.add(fragment);
        pending.push(fragment);
      },
    });
  }
  const alone: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: operation.operation,
    variableDefinitions: operation.variableDefinitions?.filter(({ variable }) =>
      variables.has(variable.name.value),
    ),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  return { kind: Kind.DOCUMENT, definitions: [alone, ...spread] };
}
