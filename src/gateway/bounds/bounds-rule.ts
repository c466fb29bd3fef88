import { type ASTVisitor, GraphQLError, type OperationDefinitionNode, type ValidationContext } from 'graphql';
import type { Config } from '../../kernel/config/config.js';
import type { ErrorCode } from '../../kernel/error-codes.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { OperationMeasuring } from './measure-operation.js';

/** Bounds of documents; each is a setting. */
export type DocumentBounds = Pick<
  Config['http'],
  | 'maxQueryDepth'
  | 'maxQueryAliases'
  | 'maxQueryRootFields'
  | 'maxQuerySelections'
  | 'maxQueryDirectives'
  | 'maxQueryVariables'
>;

/**
 * A validation rule that refuses documents beyond the bounds. Each bound has a code of its own, and its error tells both
 * the bound and the number that went beyond.
 */
export function createBoundsRule(bounds: DocumentBounds): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const measuring = new OperationMeasuring(context.getDocument());
    let directives = 0;
    return {
      Directive() {
        directives += 1;
      },
      OperationDefinition(node) {
        for (const error of listExcesses(node, measuring, bounds)) {
          context.reportError(asGraphQLError(error, node));
        }
      },
      Document: {
        leave() {
          const most = bounds.maxQueryDirectives;
          if (directives <= most) return;
          const message = `The document has ${directives} directives; at most ${most} are allowed.`;
          context.reportError(asGraphQLError(new SluiceError('DIRECTIVES_EXCEEDED', message)));
        },
      },
    };
  };
}

function* listExcesses(
  node: OperationDefinitionNode,
  measuring: OperationMeasuring,
  bounds: DocumentBounds,
): Generator<SluiceError> {
  const subject = node.name ? `Operation "${node.name.value}"` : 'The operation';
  const { depth, aliases, rootFields, selections } = measuring.measure(node);
  const variables = node.variableDefinitions?.length ?? 0;
  const measured: readonly (readonly [ErrorCode, number, number, string])[] = [
    ['DEPTH_EXCEEDED', depth, bounds.maxQueryDepth, `nests ${depth} levels of fields`],
    ['ALIASES_EXCEEDED', aliases, bounds.maxQueryAliases, `has ${aliases} aliases`],
    ['ROOT_FIELDS_EXCEEDED', rootFields, bounds.maxQueryRootFields, `has ${rootFields} root fields`],
    ['SELECTIONS_EXCEEDED', selections, bounds.maxQuerySelections, `unfolds to ${selections} selections`],
    ['VARIABLES_EXCEEDED', variables, bounds.maxQueryVariables, `has ${variables} variables`],
  ];
  for (const [code, found, most, problem] of measured) {
    if (found > most) yield new SluiceError(code, `${subject} ${problem}; at most ${most} are allowed.`);
  }
}

/** Apollo Server gives errors of validation a code of its own; that of the origin is the one that counts. */
function asGraphQLError(originalError: SluiceError, node?: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(originalError.message, { originalError, ...(node && { nodes: node }) });
}
