import type { AskedExample } from './ask-example.js';
import type { Colors } from './terminal.js';
import type { TierToken } from './tier-tokens.js';

export interface BannerFacts {
  /** Such as `http://localhost:4000`. */
  readonly url: string;
  readonly startedInMs: number;
  readonly app: string;
  readonly database: string;
  readonly redis: string;
  readonly reads: string;
  readonly limits: string;
  /** Whether GraphiQL is served, and there already. */
  readonly graphiql: 'ready' | 'being built' | null;
  /** For development, one for each tier that signs in; none where there are none to be shown. */
  readonly tokens: readonly TierToken[];
  readonly example: AskedExample | null;
}

const LABEL_WIDTH = 10;

/** What people see once the server answers: what runs on what, where, and one query to try. */
export function renderBanner(facts: BannerFacts, colors: Colors): string {
  const { bold, dim, cyan, green } = colors;
  const line = (label: string, text: string): string => `  ${dim(label.padEnd(LABEL_WIDTH))}${text}`;
  const lines = [
    '',
    `  ${green('●')} ${bold('Sluice')} is listening ${dim(`(started in ${(facts.startedInMs / 1000).toFixed(1)} s)`)}`,
    '',
    line('API', cyan(`${facts.url}/graphql`)),
  ];
  if (facts.graphiql !== null) {
    const note = facts.graphiql === 'ready' ? '' : dim(' (being built, ready in a moment)');
    lines.push(line('GraphiQL', cyan(`${facts.url}/graphiql`) + note));
  }
  lines.push(
    line('Health', `${facts.url}/readyz  ${facts.url}/livez  ${facts.url}/metrics`),
    '',
    line('App', facts.app),
    line('Database', facts.database),
    line('Redis', facts.redis),
    line('Reads', facts.reads),
    line('Limits', facts.limits),
  );
  if (facts.tokens.length > 0) {
    lines.push('', `  ${bold('Tokens')} ${dim('for user 1, one day, as "Authorization: Bearer <token>"')}`);
    const width = Math.max(...facts.tokens.map(({ tier }) => tier.length)) + 2;
    for (const { tier, token } of facts.tokens) lines.push(`  ${dim(tier.padEnd(width))}${token}`);
    lines.push(`  ${dim('Others: npm run sluice -- token --user 2 --tier premium')}`);
  }
  if (facts.example !== null) {
    lines.push('', `  ${bold('Try it')}`, '', facts.example.curl, '', facts.example.answer);
  }
  lines.push('', `  ${dim('Ctrl-C stops everything that was started; data stay.')}`, '');
  return lines.join('\n');
}
