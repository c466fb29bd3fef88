import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { StaffGate } from '../../identity/staff-gate.js';
import type { JobQueues } from '../../jobs/job-queues.js';
import { QUEUE_NAMES } from '../../jobs/queue-names.js';
import { ERROR_CODES } from '../../kernel/error-codes.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { isAtHome } from '../home-request.js';
import type { RequestViewers } from '../identity/request-viewers.js';
import { askHelmet } from '../security-headers.js';

export const QUEUES_PATH = '/queues';

export interface QueueBoardParts {
  readonly queues: JobQueues;
  readonly staff: StaffGate;
  readonly readViewer: RequestViewers;
  /** Whoever sits at this very machine needs not sign in: in development. */
  readonly isOpenAtHome: boolean;
}

const POLICY_HEADER = 'content-security-policy';
const POLICY = askHelmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      // The page writes style attributes.
      styleSrc: ["'self'", "'unsafe-inline'"],
      fontSrc: ["'self'", 'data:'],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'self'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
})[POLICY_HEADER];

/** `/queues`: what waits, runs and failed, for staff to look at and to see to, by Bull Board. */
export async function registerQueueBoard(server: FastifyInstance, parts: QueueBoardParts): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(QUEUES_PATH);
  createBullBoard({
    queues: QUEUE_NAMES.map((name) => new BullMQAdapter(parts.queues.open(name))),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Sluice', hideRedisDetails: true } },
  });
  await server.register(
    async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        void reply.header(POLICY_HEADER, POLICY).header('cache-control', 'no-store');
        const refusal = await findRefusal(request, reply, parts);
        // Told here, as the board's own handler of errors would make a defect of it.
        if (refusal !== null) return sendRefusal(reply, refusal);
      });
      // Its routes don't know of the plugin's own name for them.
      await scope.register(adapter.registerPlugin());
    },
    { prefix: QUEUES_PATH },
  );
}

/** Null: whoever asks may. */
async function findRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { staff, readViewer, isOpenAtHome }: QueueBoardParts,
): Promise<SluiceError | null> {
  const { 'sec-fetch-site': site } = request.headers;
  // The cookie of a session comes along from pages of other sites.
  if (request.method !== 'GET' && site !== undefined && site !== 'same-origin')
    return new SluiceError('FORBIDDEN', 'Queues are changed from their own page alone');
  if (isOpenAtHome && isAtHomeOrigin(request)) return null;
  try {
    staff.admit(await readViewer(request, reply), 'Queues are');
    return null;
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

function sendRefusal(reply: FastifyReply, { code, message }: SluiceError): FastifyReply {
  return reply.code(ERROR_CODES[code]).send({ errors: [{ message, extensions: { code } }] });
}

/** What the page itself sends has its own origin. */
function isAtHomeOrigin(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  const isOwn = origin === undefined || origin === `${request.protocol}://${host ?? ''}`;
  return isOwn && isAtHome(request, { allowsOrigin: true });
}
