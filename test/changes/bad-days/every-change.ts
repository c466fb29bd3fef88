import { NO_DEMAND } from '../../../src/changes/capture/capture-demand.js';
import { applyEngineSchema } from '../../../src/changes/capture/engine-schema.js';
import { installCapture } from '../../../src/changes/capture/install-capture.js';
import { planCapture } from '../../../src/changes/capture/plan-capture.js';
import type { Position } from '../../../src/changes/position.js';
import { hashTag } from '../../../src/changes/tags/hash-tag.js';
import { collapseTag } from '../../../src/changes/tags/tag-grammar.js';
import type { Random } from '../../binding/agreement/random.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { until } from '../../embedded/until.js';
import { withClient } from '../engine-tables.js';
import type { TestNode } from '../node/open-node.js';
import { type Voided, type Written, ZooWriter } from './zoo-writer.js';

/** Has the zoo's changes captured. */
export async function captureZoo(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await applyEngineSchema(client);
    await installCapture(client, await planCapture(client, await domainGraph(), NO_DEMAND));
  });
}

export interface CheckOptions {
  readonly databaseUrl: string;
  readonly nodes: readonly TestNode[];
  /** Writes that were committed, at least. */
  readonly writes: number;
  readonly random: Random;
  /** Goes on while a batch is written; what it breaks, it mends. */
  readonly disturb?: () => Promise<void>;
}

export interface CheckOutcome {
  /** Committed, by kind. */
  readonly kinds: ReadonlyMap<string, number>;
  /** That failed, so that nobody knows whether they were committed. */
  readonly failed: number;
  /** Changes that some node took for not having happened. None, if all is well. */
  readonly missed: readonly string[];
  /** Of what was not changed: looked at, and void for nothing. */
  readonly unchanged: number;
  readonly voidForNothing: number;
}

const BATCH = 50;
const AT_A_TIME = 6;
const ASIDE = 20;

/**
 * Writes in batches. Within one no row is written twice, and before the next each node has applied all of it, so that
 * no later change can stand in for one that was missed.
 */
export async function checkEveryChange(options: CheckOptions): Promise<CheckOutcome> {
  const { databaseUrl, nodes, writes, random, disturb } = options;
  const writer = new ZooWriter(databaseUrl, random);
  const kinds = new Map<string, number>();
  const missed: string[] = [];
  let [committed, failed, unchanged, voidForNothing] = [0, 0, 0, 0];
  try {
    await writer.prepare(1_000);
    await untilAllIsKnown(nodes, random);
    while (committed < writes) {
      const stamps = nodes.map(({ changes }) => changes.position);
      const aside = writer.takeAside(ASIDE);
      const [batch] = await Promise.all([writeBatch(writer), disturb?.()]);
      if (batch.failed > 0)
        await until('the writer to be up again', () =>
          writer.recount().then(
            () => true,
            () => false,
          ),
        );
      await untilAllIsKnown(nodes, random);
      for (const { kind, voided, untouched } of batch.written) {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        committed++;
        for (const each of voided) {
          for (const [n, node] of nodes.entries()) {
            if (isKept(node, stamps[n]!, each)) missed.push(`${kind} ${each.tag} by node ${n}`);
          }
        }
        aside.push(...untouched);
        writer.giveBack(voided);
      }
      failed += batch.failed;
      for (const each of aside) {
        for (const [n, node] of nodes.entries()) {
          unchanged++;
          if (!isKept(node, stamps[n]!, each)) voidForNothing++;
        }
      }
      writer.giveBack(aside);
    }
    return { kinds, failed, missed, unchanged, voidForNothing };
  } finally {
    await writer.close();
  }
}

async function writeBatch(
  writer: ZooWriter,
): Promise<{ readonly written: readonly Written[]; readonly failed: number }> {
  const written: Written[] = [];
  let failed = 0;
  let left = BATCH;
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      try {
        written.push(await writer.write());
      } catch {
        failed++;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { written, failed };
}

/** Until each node has applied all that was committed before the call. */
async function untilAllIsKnown(nodes: readonly TestNode[], random: Random): Promise<void> {
  const first = random.pick(nodes);
  await until('everything to be told of', async () => {
    const settled = await first.changes.settle('may-have-written');
    if (!settled.isDrained) return false;
    const reached = await Promise.all(nodes.map(({ changes }) => changes.waitFor(settled.position, 2_000)));
    return reached.every(Boolean);
  });
}

function isKept({ changes }: TestNode, stamp: Position, { tag, model }: Voided): boolean {
  return changes.isValid(stamp, Uint32Array.of(hashTag(tag)), Uint32Array.of(hashTag(collapseTag(model))));
}
