import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import type { OperationCosts } from '../../binding/cost/operation-costs.js';
import type { Caller } from '../../identity/caller.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { Config } from '../../kernel/config/config.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { SubscriptionsMetrics } from '../../telemetry/subscriptions-metrics.js';
import type { TextGuard } from '../bounds/text-guard.js';
import type { GatewayContext } from '../gateway-context.js';
import type { OperationLimits } from '../limits/operation-limits.js';
import { SubscriptionStream } from './subscription-stream.js';

/** What a client sends to subscribe. */
export interface AskedSubscription {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: { readonly [name: string]: unknown };
}

/** Whoever subscribes. */
export interface Subscriber {
  /**
   * A context for what comes next; its credentials are looked at anew, as they may hold no longer.
   *
   * @throws SluiceError `UNAUTHENTICATED`
   */
  createContext(): Promise<GatewayContext>;
}

export interface SubscriptionsParts {
  readonly schema: GraphQLSchema;
  readonly http: Config['http'];
  readonly settings: Config['subscriptions'];
  readonly rules: readonly ValidationRule[];
  readonly texts: TextGuard;
  /** Null: nobody knows what operations cost. */
  readonly costs: OperationCosts | null;
  readonly metrics: SubscriptionsMetrics;
  createLimits(caller: Caller): OperationLimits | null;
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

type Errors = readonly GraphQLFormattedError[];
export type OpenedSubscription =
  | { readonly stream: SubscriptionStream; readonly document: DocumentNode }
  | { readonly errors: Errors };

const MAX_DOCUMENTS = 200;

/** Subscriptions, over whatever they come: checked, charged and bounded as other operations are. */
export class Subscriptions {
  readonly #parts: SubscriptionsParts;
  readonly #documents = new BoundedCache<DocumentNode>({ maxEntries: MAX_DOCUMENTS, maxWeight: 2_000_000 });
  readonly #open = new Set<SubscriptionStream>();
  readonly #openOf = new Map<string, number>();
  #isClosing = false;

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  /** Never rejects: what is wrong is told as GraphQL tells it. */
  async open(asked: AskedSubscription, subscriber: Subscriber): Promise<OpenedSubscription> {
    try {
      return await this.#begin(asked, subscriber);
    } catch (error) {
      this.#parts.metrics.subscriptions.inc({ outcome: 'refused' });
      return { errors: this.#format(error) };
    }
  }

  /** Ends all there are, and lets no more begin. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#open].map((stream) => stream.return()));
  }

  async #begin(asked: AskedSubscription, subscriber: Subscriber): Promise<OpenedSubscription> {
    if (this.#isClosing)
      throw new SluiceError('SHUTTING_DOWN', 'This server is shutting down; ask another one');
    const document = this.#read(asked.query);
    const { operationName, variables } = asked;
    const operation = getOperationAST(document, operationName);
    if (operation === null || operation === undefined)
      throw new SluiceError(
        'OPERATION_RESOLUTION_FAILURE',
        'There is no operation of that name, or several without a name',
      );
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
      throw new SluiceError(
        'BAD_REQUEST',
        'Only subscriptions go this way; send queries and mutations by POST to /graphql',
      );
    const context = await subscriber.createContext();
    await this.#charge(document, asked, context);
    const leave = this.#enter(context.caller.key);
    try {
      const source = await createSourceEventStream({
        schema: this.#parts.schema,
        document,
        contextValue: context,
        variableValues: variables,
        operationName,
      });
      if (!(Symbol.asyncIterator in source)) {
        leave();
        return { errors: (source.errors ?? []).flatMap((error) => this.#format(error)) };
      }
      return { document, stream: this.#stream({ document, asked, subscriber, source, leave }) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  #stream({
    document,
    asked,
    subscriber,
    source,
    leave,
  }: {
    readonly document: DocumentNode;
    readonly asked: AskedSubscription;
    readonly subscriber: Subscriber;
    readonly source: AsyncIterable<unknown>;
    leave(): void;
  }): SubscriptionStream {
    const { metrics } = this.#parts;
    const stream: SubscriptionStream = new SubscriptionStream(
      source[Symbol.asyncIterator](),
      (event) => this.#answer(document, asked, { subscriber, event, end: () => void stream.return() }),
      () => {
        this.#open.delete(stream);
        metrics.open.set(this.#open.size);
        leave();
      },
    );
    this.#open.add(stream);
    metrics.open.set(this.#open.size);
    metrics.subscriptions.inc({ outcome: 'opened' });
    return stream;
  }

  async #answer(
    document: DocumentNode,
    { operationName, variables }: AskedSubscription,
    { subscriber, event, end }: { readonly subscriber: Subscriber; readonly event: unknown; end(): void },
  ): Promise<FormattedExecutionResult> {
    let context: GatewayContext;
    try {
      context = await subscriber.createContext();
    } catch (error) {
      // Who may not go on is told why, and nothing more.
      setImmediate(end);
      return { errors: this.#format(error) };
    }
    try {
      const result = await execute({
        schema: this.#parts.schema,
        document,
        rootValue: event,
        contextValue: context,
        variableValues: variables,
        operationName,
      });
      this.#parts.metrics.events.inc();
      if (result.errors === undefined) return { data: result.data ?? null };
      return { data: result.data ?? null, errors: result.errors.flatMap((error) => this.#format(error)) };
    } finally {
      context.end();
    }
  }

  #read(text: string): DocumentNode {
    const known = this.#documents.get(text);
    if (known !== undefined) return known;
    const { texts, http, schema, rules } = this.#parts;
    texts.refuseUnsound(text);
    const document = parseText(text, http.maxQueryTokens);
    const [fault] = validate(schema, document, [...specifiedRules, ...rules]);
    if (fault !== undefined) throw this.#asValidationFault(fault);
    this.#documents.set(text, document, { weight: text.length, ttlMs: null });
    return document;
  }

  #asValidationFault(fault: GraphQLError): GraphQLError {
    const { introspection } = this.#parts.http;
    // Who may not read the whole schema is not to guess it.
    const message = introspection === 'on' ? fault.message : fault.message.replace(/ Did you mean .*$/s, '');
    const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', ...fault.extensions };
    return new GraphQLError(message, { nodes: fault.nodes, originalError: fault.originalError, extensions });
  }

  async #charge(document: DocumentNode, asked: AskedSubscription, context: GatewayContext): Promise<void> {
    const limits = this.#parts.createLimits(context.caller);
    context.limits = limits;
    if (limits === null) return;
    await limits.charge(this.#parts.costs?.measure(document, asked.operationName, asked.variables) ?? null);
  }

  /** @throws SluiceError `OVERLOADED` */
  #enter(caller: string): () => void {
    const { maxPerNode, maxPerCaller } = this.#parts.settings;
    const own = this.#openOf.get(caller) ?? 0;
    if (own >= maxPerCaller)
      throw new SluiceError(
        'OVERLOADED',
        `You have ${own} subscriptions here, of ${maxPerCaller} at most; end one first`,
      );
    if (this.#open.size >= maxPerNode)
      throw new SluiceError(
        'OVERLOADED',
        `This server has ${this.#open.size} subscriptions, as many as it takes; ask again in a while`,
      );
    this.#openOf.set(caller, own + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      const left = (this.#openOf.get(caller) ?? 1) - 1;
      if (left === 0) this.#openOf.delete(caller);
      else this.#openOf.set(caller, left);
    };
  }

  #format(error: unknown): GraphQLFormattedError[] {
    const own = error instanceof GraphQLError ? error : toGraphQLError(error);
    return [this.#parts.formatError(own.toJSON(), own)];
  }
}

/** @throws GraphQLError `GRAPHQL_PARSE_FAILED` */
function parseText(text: string, maxTokens: number): DocumentNode {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { message, source, positions } = error;
    throw new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  }
}

function toGraphQLError(error: unknown): GraphQLError {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
