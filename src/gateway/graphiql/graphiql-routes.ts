import { access } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ExampleQuery } from '../app-definition.js';
import { isAtHome } from '../home-request.js';
import { readBuildFailure } from './build-failure.js';
import { renderWaitingPage } from './waiting-page.js';

export const GRAPHIQL_PATH = '/graphiql';

const ASSET_LIFE_MS = 365 * 24 * 60 * 60 * 1000;

// The editor writes style attributes and starts its language services as workers; everything else comes from
// this server. Images: a value that is an image's URL is shown as one when it is pointed at.
const CONTENT_SECURITY_POLICY = {
  useDefaults: false as const,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    workerSrc: ["'self'", 'blob:'],
    fontSrc: ["'self'", 'data:'],
    imgSrc: ["'self'", 'data:', 'https:', 'http:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** Where GraphiQL was, or is going to be, built, and what it starts with. */
export interface GraphiqlRouteParts {
  readonly directory: string;
  readonly examples: readonly ExampleQuery[];
  /** A token that the page begins with; null: none, as always in production. */
  signToken: (() => Promise<string>) | null;
}

/** `/graphiql`: the built page, or until it is there one that waits for it. */
export async function registerGraphiqlRoutes(
  server: FastifyInstance,
  parts: GraphiqlRouteParts,
): Promise<void> {
  await server.register(fastifyStatic, { serve: false });
  const options = { config: { quiet: true, security: { contentSecurityPolicy: CONTENT_SECURITY_POLICY } } };
  const examples = JSON.stringify(parts.examples);

  server.get(GRAPHIQL_PATH, options, async (_request, reply) => {
    void reply.header('cache-control', 'no-cache');
    if (await exists(join(parts.directory, 'index.html'))) return sendPage(reply, parts.directory);
    const failure = await readBuildFailure(parts.directory);
    return reply.type('text/html; charset=utf-8').send(renderWaitingPage(failure));
  });
  server.get(`${GRAPHIQL_PATH}/examples.json`, options, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(examples),
  );
  server.get(`${GRAPHIQL_PATH}/headers.json`, options, async (request, reply) => {
    const { signToken } = parts;
    const token = signToken === null || !isAtHome(request) ? null : await signToken();
    void reply.header('cache-control', 'no-store');
    return token === null ? {} : { authorization: `Bearer ${token}` };
  });
  server.get<{ Params: { '*': string } }>(`${GRAPHIQL_PATH}/assets/*`, options, async (request, reply) =>
    // Their names hold a hash of their content.
    reply.sendFile(request.params['*'], join(parts.directory, 'assets'), {
      maxAge: ASSET_LIFE_MS,
      immutable: true,
    }),
  );
  server.get(`${GRAPHIQL_PATH}/favicon.svg`, options, async (_request, reply) =>
    reply.sendFile('favicon.svg', parts.directory),
  );
}

function sendPage(reply: FastifyReply, directory: string): FastifyReply {
  return reply.sendFile('index.html', directory, { cacheControl: false });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
