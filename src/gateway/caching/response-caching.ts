import type { GraphQLRequestContextResponseForOperation } from '@apollo/server';
import type { DocumentNode, FormattedExecutionResult } from 'graphql';
import type { FieldLife } from '../../binding/caching/operation-policies.js';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import { VIEWER_VARY } from '../../cache/policy/vary-definition.js';
import { Flights } from '../../cache/responses/flights.js';
import { ABSENT, type Freshness } from '../../cache/responses/judge-entry.js';
import { type LookUp, ResponseCache } from '../../cache/responses/response-cache.js';
import type { Lease } from '../../cache/stores/leases.js';
import type { AskedOperations } from '../../cache/warming/asked-operations.js';
import type { Changes } from '../../changes/changes.js';
import type { Position } from '../../changes/position.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { Clock } from '../../kernel/clock.js';
import { ReadRecorder } from '../../reads/tags/read-recorder.js';
import type { ReadTagging } from '../../reads/tags/read-tagging.js';
import type { CacheMetrics } from '../../telemetry/cache-metrics.js';
import type { Logger } from '../../telemetry/logger.js';
import type { GatewayContext } from '../gateway-context.js';
import { AnswerChecks } from './answer-checks.js';
import { AnswerKeeper, type Kept } from './answer-keeper.js';
import type { StatusDetail } from './cache-headers.js';
import { ACTIVITY, type CacheOutcome, nameOutcome } from './cache-outcome.js';
import type { CheckSampler } from './check-sampler.js';
import { FieldRefusals, OperationFields, type OperationFieldsParts } from './operation-fields.js';
import type { Asker, CacheableQuestion, Question, Questions } from './questions.js';
import type { Fill } from './request-caching.js';

type Variables = { readonly [name: string]: unknown };
type Asked = GraphQLRequestContextResponseForOperation<GatewayContext>;

export interface ResponseCachingParts extends Pick<OperationFieldsParts, 'caches' | 'viewers' | 'contexts'> {
  readonly questions: Questions;
  readonly changes: Freshness & Pick<Changes, 'settle'>;
  readonly tagging: ReadTagging;
  readonly clock: Clock;
  readonly metrics: CacheMetrics;
  readonly statusDetail: StatusDetail;
  /** Of an entry's life, that chance may take off: 0.1 is a tenth. */
  readonly jitter: number;
  readonly log: Logger;
  readonly sampler: CheckSampler;
  /** Who remembers what is asked; null: nobody. */
  readonly asked: AskedOperations | null;
  /** Has an operation computed again, in the background, for the viewer of the one who asked. */
  readonly recompute: (asked: Asked, mode: 'refresh' | 'check') => Promise<void>;
}

/** Attempts to be given what another one computes, before everyone computes for themselves. */
const MAX_JOINS = 2;
/** How long an operation that turned out not to be cacheable is computed by everyone for themselves. */
const REFUSAL_TTL_MS = 10_000;
const MAX_REFUSALS = 10_000;
/** A node that computes for others is believed to be at it for so long. */
const LEASE_TTL_MS = 5_000;
const LEASE_POLL_MS = 20;
/** Answers that one node computes again at a time, while the old ones are served. */
const MAX_REFRESHES = 8;
const MAX_LEASE_WAIT_MS = 2_000;

/** A request as it came. */
export interface NotedRequest {
  readonly query: string;
  readonly variables?: Variables | undefined;
  readonly operationName: string | null;
}

type Recompute = (mode: 'refresh' | 'check') => Promise<void>;

const NOTHING_FOUND: LookUp = { ...ABSENT, tier: 'memory', voidedBy: null };

/** Whole answers: looked up, computed once for all who ask, kept. */
export class ResponseCaching {
  readonly #parts: ResponseCachingParts;
  readonly #responses: ResponseCache;
  readonly #keeper: AnswerKeeper;
  readonly #flights = new Flights();
  #refreshes = 0;
  readonly #checks: AnswerChecks;
  readonly #fields: OperationFieldsParts;
  readonly #fieldRefusals = new FieldRefusals();
  readonly #refusals = new BoundedCache<true>({ maxEntries: MAX_REFUSALS, maxWeight: MAX_REFUSALS });

  constructor(parts: ResponseCachingParts) {
    this.#parts = parts;
    this.#responses = new ResponseCache(parts.changes, parts.clock);
    this.#checks = new AnswerChecks(parts);
    const isCaptured = (model: string) => parts.changes.isCaptured(model);
    this.#fields = { ...parts, responses: this.#responses, isCaptured };
    this.#keeper = new AnswerKeeper({
      ...parts,
      onRefused: (operation) => this.#refusals.set(operation, true, { weight: 1, ttlMs: REFUSAL_TTL_MS }),
    });
  }

  /** What is kept of a question that somebody asks. */
  ask(document: DocumentNode, operationName: string | null, variables: Variables, asker: Asker): Question {
    return this.#parts.questions.find(document, operationName, variables, asker);
  }

  isDistrusted(key: string): boolean {
    return this.#checks.isDistrusted(key);
  }

  /** What hints say of each selected field. */
  listLives(document: DocumentNode, operationName: string | null, coerced: Variables): readonly FieldLife[] {
    return this.#parts.questions.listLives(document, operationName, coerced);
  }

  get statusDetail(): StatusDetail {
    return this.#parts.statusDetail;
  }

  nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  /** The answer that may be served; null: it is to be computed, which `finish` hears of. */
  async findOrBegin(asked: Asked): Promise<CacheEntry | null> {
    const { contextValue: context, document, operationName, request } = asked;
    const { caching } = context;
    const bypass = caching.bypass ?? findBypass(asked);
    if (bypass === null) this.#keepFields(context, this.#parts.changes.position);
    if (bypass !== null) {
      caching.outcome = { kind: 'bypass', why: bypass };
      return null;
    }
    const question = this.ask(document, operationName, request.variables ?? {}, context);
    const useless = caching.mode === 'warm' ? findUseless(question) : null;
    if (useless !== null) {
      caching.outcome = { kind: 'bypass', why: useless };
      caching.isUseless = true;
      return null;
    }
    if (question.kind === 'uncacheable') {
      caching.outcome = { kind: 'bypass', why: question.why };
      caching.divisible = question.coerced;
      return null;
    }
    caching.question = question;
    return this.findAnswer(context, question, (mode) => this.#parts.recompute(asked, mode));
  }

  /**
   * The answer to a question that may be served; null: it is to be computed in the context, which `finish` hears of.
   * `recompute` has it computed again, in the background.
   */
  async findAnswer(
    context: GatewayContext,
    question: CacheableQuestion,
    recompute: Recompute,
  ): Promise<CacheEntry | null> {
    const { key, cache, group } = question;
    const { mode, explains } = context.caching;
    if (mode === 'refresh') {
      await this.#begin(context, question, NOTHING_FOUND, this.#flights.start(key));
      return null;
    }
    // Not even looked up, since what is found comes to memory.
    if (this.#checks.isDistrusted(key)) {
      await this.#begin(context, question, NOTHING_FOUND, null);
      return null;
    }
    const found = await this.#responses.lookUp(cache, key, group);
    if (mode === 'check' || explains) {
      await this.#begin(context, question, found, null);
      return null;
    }
    // Nobody could be given what another one computes now.
    if (found.kind === 'miss' && !(await this.#parts.changes.ensureTrusted())) {
      await this.#begin(context, question, found, null);
      return null;
    }
    for (let joins = 0; found.kind === 'miss' && joins < MAX_JOINS; joins++) {
      const flight = this.#flights.find(key);
      if (flight === null) {
        if (this.#refusals.get(question.operation) !== undefined) break;
        return this.#lead(context, question, found);
      }
      const entry = await flight.landing;
      // After the wait: whether it holds for the one who waited.
      if (entry !== null && context.changes.mayUseCaches && (await this.#responses.mayServe(entry))) {
        context.caching.outcome = { kind: 'collapsed', entry };
        return entry;
      }
    }
    if (found.kind === 'miss') {
      await this.#begin(context, question, found, null);
      return null;
    }
    const { entry, isStale, tier } = found;
    if (isStale && this.#flights.find(key) === null) this.#refresh(context, question, recompute);
    if (!isStale) this.#checks.sample(() => recompute('check'));
    context.caching.outcome = { kind: 'hit', entry, tier, isStale };
    return entry;
  }

  /** Computes for all of this node, unless another node is computing it. */
  async #lead(
    context: GatewayContext,
    question: CacheableQuestion,
    found: LookUp,
  ): Promise<CacheEntry | null> {
    // Before anything is awaited: whoever asks next has to find it.
    const flight = this.#flights.start(question.key);
    const lease = await this.#takeLease(question);
    if ('entry' in lease && context.changes.mayUseCaches) {
      const { entry } = lease;
      flight.land(entry);
      context.caching.outcome = { kind: 'collapsed', entry };
      return entry;
    }
    await this.#begin(context, question, found, flight, 'entry' in lease ? undefined : lease.release);
    return null;
  }

  /** The right to compute it, or what another node has computed meanwhile. */
  async #takeLease({
    cache,
    key,
    group,
  }: CacheableQuestion): Promise<Lease | { readonly entry: CacheEntry }> {
    const { clock } = this.#parts;
    const untilMs = clock.nowMs() + MAX_LEASE_WAIT_MS;
    for (;;) {
      const lease = await cache.leases.acquire(key, LEASE_TTL_MS);
      if (lease.kind === 'unavailable' || clock.nowMs() >= untilMs) return lease;
      if (lease.kind === 'held') await new Promise((resolve) => setTimeout(resolve, LEASE_POLL_MS));
      // Whoever had the lease before may have kept the answer since it was looked for.
      const found = await this.#responses.lookUp(cache, key, group);
      if (found.kind === 'hit') {
        lease.release();
        return { entry: found.entry };
      }
      if (lease.kind === 'acquired') return lease;
    }
  }

  async #begin(
    context: GatewayContext,
    question: CacheableQuestion,
    found: LookUp,
    flight: Fill['flight'],
    release: () => void = () => undefined,
  ): Promise<void> {
    const { mode, explains } = context.caching;
    const isTrusted = await this.#parts.changes.ensureTrusted();
    // What was read where nobody knows the position is not worth noting; but who explains tells of it.
    const isNoted = isTrusted || explains || mode === 'check';
    const recorder = isNoted ? new ReadRecorder(this.#parts.tagging) : null;
    // Before the first read, not after: a write that lands meanwhile must make this answer look old.
    const stamp = this.#parts.changes.position;
    if (recorder !== null) context.record(recorder);
    this.#keepFields(context, stamp);
    const isDistrusted = this.#checks.isDistrusted(question.key);
    context.caching.begin({ question, found, isDistrusted, stamp, recorder, flight, release });
  }

  #refresh({ log }: GatewayContext, { key }: CacheableQuestion, recompute: Recompute): void {
    // Those who find an answer are answered by it; that it is old will be found again.
    if (this.#refreshes >= MAX_REFRESHES) return;
    this.#refreshes += 1;
    // Until the background's own flight is there, this one keeps others from starting another.
    const flight = this.#flights.start(key);
    recompute('refresh')
      .catch((error: unknown) => log.warn({ err: error }, 'A kept answer could not be computed again'))
      .finally(() => {
        this.#refreshes -= 1;
        flight.land(null);
      });
  }

  /** Results of single fields come from the cache, too; not where all is to be computed. */
  #keepFields(operation: GatewayContext, stamp: Position): void {
    const { mode, explains } = operation.caching;
    if (mode === 'check' || explains) return;
    operation.fieldCache = new OperationFields(this.#fields, this.#fieldRefusals, { operation, stamp });
  }

  /**
   * Counts an outcome, and has the request remembered where its answer is kept. Null: nobody will send the same, or it
   * asks for more than its data.
   */
  note(context: GatewayContext, outcome: CacheOutcome, request: NotedRequest | null): void {
    const { metrics, asked } = this.#parts;
    const name = nameOutcome(outcome);
    metrics.responses.inc({ outcome: name });
    context.activity.cache = ACTIVITY[outcome.kind];
    if (outcome.kind === 'computed' && outcome.refusal !== null) metrics.refusals.inc();
    const { question } = context.caching;
    if (question === null || request === null || !('entry' in outcome) || outcome.entry === null) return;
    const { query, variables = {}, operationName } = request;
    if (!context.caching.isBackground && isForMany(question)) {
      const { tier, scopes } = context.viewer;
      asked?.note(question.key, () => ({ query, operationName, variables, tier, scopes }));
    }
    context.caching.learn({
      key: question.requestKey,
      policy: question.policy,
      cache: question.cache,
      group: question.group,
      cost: context.limits?.operation ?? null,
      operationName,
    });
  }

  /** What is to be served in place of the result; null: the result itself. */
  finish(context: GatewayContext, result: FormattedExecutionResult): Kept | null {
    const fill = context.caching.take();
    if (fill === null) return null;
    try {
      const kept = this.#keeper.finish(context, result, fill);
      const { found, question } = fill;
      if (found.kind === 'hit' && context.caching.agrees === false) {
        this.#checks.judge(found.entry, question);
      }
      return kept;
    } catch (error) {
      fill.release();
      throw error;
    } finally {
      // Where it has landed with an entry already, this does nothing.
      fill.flight?.land(null);
    }
  }
}

/** Why nobody needs to compute it before it is asked for; null: somebody may be given it. */
function findUseless(question: Question): string | null {
  if (question.kind === 'uncacheable') return question.coerced === null ? question.why : null;
  return question.policy.scope === 'PRIVATE' ? 'it is private, so nobody else would be given it' : null;
}

/** Whether others of the same tier are given the same, whatever their headers say. */
function isForMany({ policy: { scope, vary } }: CacheableQuestion): boolean {
  return scope === 'PUBLIC' && vary.every((name) => VIEWER_VARY.has(name));
}

function findBypass({ operation, contextValue: { changes } }: Asked): string | null {
  // Apollo Server asks plugins even where the named operation isn't there, though its types say otherwise.
  if ((operation as Asked['operation'] | undefined) === undefined)
    return 'there is no operation of that name';
  return changes.mayUseCaches ? null : 'changes of yours are not known here yet';
}
