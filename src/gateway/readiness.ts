/** Something that the gateway needs, asked each time someone asks for `/readyz`. */
export interface ReadinessCheck {
  readonly name: string;
  /** Whether the gateway is of no use without it; else its failure is told but doesn't turn it away. */
  readonly isRequired: boolean;
  /** Rejects where it isn't well; the message is shown. Gives what else there is to show, or null. */
  check(): Promise<CheckDetail | null>;
}

/** Numbers and names for whoever operates the gateway. */
export type CheckDetail = { readonly [name: string]: unknown };

/** Not well, with more to show than a message. */
export class UnwellError extends Error {
  constructor(
    message: string,
    readonly detail: CheckDetail,
  ) {
    super(message);
  }
}

/** What `/readyz` answers. */
export interface ReadinessReport {
  /** `degraded`: serving, without something that isn't required. */
  readonly status: 'ready' | 'degraded' | 'unready' | 'shutting down';
  readonly checks: { readonly [name: string]: CheckReport };
}

export interface CheckReport {
  readonly status: 'ok' | 'failed';
  readonly durationMs: number;
  readonly reason?: string;
  readonly detail?: CheckDetail;
}

/** Runs all checks at once; what hasn't answered by the timeout has failed. */
export async function checkReadiness(
  checks: readonly ReadinessCheck[],
  timeoutMs: number,
): Promise<ReadinessReport> {
  const reports = await Promise.all(checks.map((check) => runCheck(check, timeoutMs)));
  const failed = checks.filter((_, at) => reports[at]?.status === 'failed');
  const status = failed.some((check) => check.isRequired)
    ? 'unready'
    : failed.length > 0
      ? 'degraded'
      : 'ready';
  return {
    status,
    checks: Object.fromEntries(
      checks.map((check, at) => [check.name, reports[at]]),
    ) as ReadinessReport['checks'],
  };
}

async function runCheck(check: ReadinessCheck, timeoutMs: number): Promise<CheckReport> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const detail = await Promise.race([check.check(), timeout]);
    return { status: 'ok', durationMs: measureMs(startedAt), ...(detail !== null && { detail }) };
  } catch (error) {
    return {
      status: 'failed',
      durationMs: measureMs(startedAt),
      reason: explainFailure(error),
      ...(error instanceof UnwellError && { detail: error.detail }),
    };
  } finally {
    clearTimeout(timer);
  }
}

function measureMs(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 10) / 10;
}

// A refused connection is an AggregateError without a message: one error for each address.
function explainFailure(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(String).join('; ');
  return error instanceof Error ? error.message : String(error);
}
