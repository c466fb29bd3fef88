import { readFile } from 'node:fs/promises';
import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { readWarmOperation, type WarmOperation } from '../../cache/warming/warm-operation.js';
import { SluiceError } from '../../kernel/sluice-error.js';

/**
 * Operations from a file: JSON, `[{ "query": …, "variables": …, "tier": … }]`; else a document of GraphQL, whose queries
 * are taken without variables.
 *
 * @throws SluiceError `BAD_USER_INPUT` that names file and place
 */
export async function readWarmList(file: string): Promise<readonly WarmOperation[]> {
  const text = await readText(file);
  const found = file.endsWith('.json') ? readJson(file, text) : readDocument(file, text);
  return found.map((each, index) => {
    const operation = readWarmOperation(each);
    if (typeof operation === 'string') throw fault(file, `[${index}]: ${operation}`);
    return operation;
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fault(file, "can't be read", error);
  }
}

function readJson(file: string, text: string): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw fault(file, `is no JSON: ${String(error)}`, error);
  }
  if (!Array.isArray(parsed)) throw fault(file, 'holds no list of operations');
  return parsed;
}

function readDocument(file: string, text: string): readonly unknown[] {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    const [place] = error instanceof GraphQLError ? (error.locations ?? []) : [];
    throw fault(file, `line ${place?.line ?? 1}: ${error instanceof Error ? error.message : error}`, error);
  }
  const operations = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  return operations.map(({ name }) => ({ query: text, operationName: name?.value ?? null }));
}

function fault(file: string, what: string, cause?: unknown): SluiceError {
  return new SluiceError('BAD_USER_INPUT', `${file} ${what}`, {
    hint: 'docs/cache.md shows what such a file holds.',
    cause,
  });
}
