import type { GraphQLError } from 'graphql';
import { type FieldCharge, limitFor } from '../../binding/cost/field-charge.js';
import { FieldLedger, type FieldVerdict } from '../../binding/cost/field-ledger.js';
import type { OperationCost, OperationCosts } from '../../binding/cost/operation-costs.js';
import { MIN_COST } from '../../binding/cost/weights.js';
import type { Caller } from '../../identity/caller.js';
import type { TierDefinition, Tiers } from '../../identity/tiers.js';
import type { LossPolicies } from '../../kernel/config/config.js';
import { isPromise } from '../../kernel/is-promise.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { type AllowList, findBlockSubject } from '../../limits/blocks/allow-list.js';
import { describeBudgets, type RateLimit } from '../../limits/budgets.js';
import type { Charge } from '../../limits/charge.js';
import { chargeForField, chargesFor } from '../../limits/charges-for.js';
import type { Decision, LimitedOperation, Limiter } from '../../limits/limiter.js';
import { refuseDearOperation } from '../bounds/cost-bound.js';
import { explainDecision, toRetrySeconds } from './explain-decision.js';
import type { RecentDenials } from './recent-denials.js';
import { refuseOperation } from './request-refusal.js';

/** What all operations are held to limits with. */
export interface OperationLimitsParts {
  readonly limiter: Limiter;
  readonly tiers: Tiers;
  readonly costs: OperationCosts;
  readonly policies: LossPolicies;
  /** Who is never blocked. */
  readonly allowed: AllowList;
  readonly isDryRun: boolean;
  readonly denials: RecentDenials;
  /** An operation that a dry run let pass though it costs more than one may. */
  readonly onWouldRefuse: (error: SluiceError, caller: Caller) => void;
}

const NO_FIELDS: readonly FieldCharge[] = [];

/** What one operation is charged, all at once and before it runs. */
export class OperationLimits {
  readonly #parts: OperationLimitsParts;
  readonly #caller: Caller;
  readonly #tier: TierDefinition;
  readonly #subject: string | null;
  #cost = MIN_COST;
  #decision: Decision | null = null;
  #refusal: GraphQLError | null = null;
  #operation: OperationCost | null = null;
  /** Null: no field of the schema has limits of its own. */
  readonly ledger: FieldLedger | null;

  constructor(parts: OperationLimitsParts, caller: Caller) {
    this.#parts = parts;
    this.#caller = caller;
    const { tiers, costs } = parts;
    const tier = tiers.find(caller.viewer.tier) ?? tiers.all[0];
    if (tier === undefined) throw new TypeError('There are no tiers');
    this.#tier = tier;
    this.#subject = findBlockSubject(caller, parts.allowed);
    this.ledger = costs.table.hasLimits
      ? new FieldLedger({ tier: tier.name, charge: (charges) => this.#chargeFields(charges) })
      : null;
  }

  /** Null: nothing has been charged yet. */
  get decision(): Decision | null {
    return this.#decision;
  }

  /** Why the operation was refused; null: it was not, or nothing has been charged yet. */
  get refusal(): GraphQLError | null {
    return this.#refusal;
  }

  /** What the operation costs; null: it isn't known. */
  get operation(): OperationCost | null {
    return this.#operation;
  }

  /** How the caller's budgets stand after this operation; null where nobody asked. */
  get rateLimit(): RateLimit | null {
    if (this.#decision === null) return null;
    return {
      tier: this.#tier.name,
      cost: this.#cost,
      maxOperationCost: this.#tier.maxOperationCost,
      isDryRun: this.#parts.isDryRun,
      budgets: describeBudgets(this.#decision),
    };
  }

  /**
   * Charges what the operation costs, at once where this process counts by itself. Null: there is no such operation,
   * which costs as little as there is.
   *
   * @throws GraphQLError `COST_EXCEEDED`, uncharged; `RATE_LIMITED`, `BLOCKED`, `LIMITS_UNAVAILABLE`
   */
  charge(operation: OperationCost | null): void | Promise<void> {
    this.#operation = operation;
    if (operation !== null) this.#refuseDear(operation);
    const fieldCharges = operation?.fieldCharges ?? NO_FIELDS;
    const decision = this.#take(operation?.cost ?? MIN_COST, fieldCharges);
    if (isPromise(decision)) return decision.then((decided) => this.#conclude(decided, fieldCharges));
    this.#conclude(decision, fieldCharges);
  }

  /** Charges a request that was refused for something else: that counts as well. The error if not even that is granted. */
  async chargeRefused(): Promise<GraphQLError | null> {
    return this.#note(await this.#take(MIN_COST, NO_FIELDS));
  }

  #conclude(decision: Decision, fieldCharges: readonly FieldCharge[]): void {
    const refusal = this.#note(decision);
    if (refusal !== null) throw refusal;
    this.ledger?.note(fieldCharges, { kind: 'granted' });
  }

  #refuseDear(operation: OperationCost): void {
    try {
      refuseDearOperation(operation, this.#tier);
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      if (!this.#parts.isDryRun) throw refuseOperation(error);
      this.#parts.onWouldRefuse(error, this.#caller);
    }
  }

  #take(cost: number, fieldCharges: readonly FieldCharge[]): Decision | Promise<Decision> {
    this.#cost = cost;
    const charges = chargesFor(this.#tier, this.#caller, cost, this.#parts.policies);
    return this.#parts.limiter.take(
      this.#toOperation(fieldCharges.length === 0 ? charges : [...charges, ...this.#toCharges(fieldCharges)]),
    );
  }

  #note(decision: Decision): GraphQLError | null {
    this.#decision = decision;
    this.#parts.denials.note(this.#caller, this.#tier.name, decision);
    const error = explainDecision(decision, this.#tier.name);
    this.#refusal = error === null ? null : refuseOperation(error, toRetrySeconds(decision));
    return this.#refusal;
  }

  /** What a resolver asks for beyond what was charged before. */
  async #chargeFields(fieldCharges: readonly FieldCharge[]): Promise<FieldVerdict> {
    const decision = await this.#parts.limiter.take(this.#toOperation(this.#toCharges(fieldCharges)));
    if (decision.outcome === 'granted') return { kind: 'granted' };
    const [first] = fieldCharges;
    return {
      kind: 'denied',
      coordinate: first?.coordinate ?? '',
      retryAfterSeconds: toRetrySeconds(decision) ?? 0,
    };
  }

  #toCharges(fieldCharges: readonly FieldCharge[]): readonly Charge[] {
    return fieldCharges.map(({ coordinate, durationSeconds: seconds, limits, amount }) =>
      chargeForField(
        { coordinate, seconds, amount, limit: limitFor({ limits }, this.#tier.name) },
        this.#caller,
        this.#parts.policies,
      ),
    );
  }

  #toOperation(charges: readonly Charge[]): LimitedOperation {
    return { charges, subject: this.#subject };
  }
}
