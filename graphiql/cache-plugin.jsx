import { useGraphiQLActions } from '@graphiql/react';
import { useEffect, useSyncExternalStore } from 'react';
import { lastCache } from './last-cache.js';

/** More tags than these are only counted. */
const MAX_TAGS = 30;

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <title>Cache</title>
      <ellipse cx="12" cy="5.5" rx="7.5" ry="3" />
      <path d="M4.5 5.5v6.5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V5.5M4.5 12v6.5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V12" />
    </svg>
  );
}

function listFacts({ why, voidedBy, refused, ageSeconds, ttlSeconds, agrees, policy }) {
  return [
    ['because', why],
    ['voided by', voidedBy],
    ['not kept', refused],
    ['age', ageSeconds === null ? null : `${ageSeconds} s, ${ttlSeconds} s left`],
    ['differs', agrees === false ? 'from what was computed just now' : null],
    ['life', policy && `${policy.maxAgeSeconds} s, ${policy.scope}, in ${policy.cache}`],
    ['varies by', policy?.vary.length > 0 ? policy.vary.join(', ') : null],
    ['decided by', policy?.decidedBy.maxAge],
    ['private by', policy?.decidedBy.scope],
  ].filter(([, value]) => value);
}

function Answer({ name, told }) {
  const tags = told.tags ?? [];
  return (
    <>
      <h3>
        {name} <span className={`sluice-outcome sluice-outcome-${told.outcome}`}>{told.outcome}</span>
      </h3>
      <dl>
        {listFacts(told).map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {tags.length > 0 && (
        <p className="sluice-tags">
          {tags.slice(0, MAX_TAGS).map((tag) => (
            <code key={tag}>{tag}</code>
          ))}
          {tags.length > MAX_TAGS && ` … ${tags.length - MAX_TAGS} more`}
        </p>
      )}
    </>
  );
}

function Fields({ fields }) {
  return (
    <ul className="sluice-fields">
      {fields.map(({ path, coordinate, maxAgeSeconds, isPrivate, decides }) => (
        <li
          key={path.join('.') + coordinate}
          style={{ paddingLeft: `${(path.length - 1) * 1}rem` }}
          title={coordinate}
        >
          <span>{path.at(-1)}</span>
          <span className="sluice-life">
            {maxAgeSeconds === null ? 'as above' : `${maxAgeSeconds} s`}
            {isPrivate && ' · private'}
            {decides && ' · decides'}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Cache() {
  useEffect(() => lastCache.watch(), []);
  const { run } = useGraphiQLActions();
  const { status, told } = useSyncExternalStore(lastCache.subscribe, lastCache.get);
  return (
    <section aria-label="Cache" className="sluice-cache">
      <div className="graphiql-doc-explorer-title">Cache</div>
      <button type="button" className="graphiql-button sluice-ask" onClick={() => run()}>
        Ask and explain
      </button>
      {told === null ? (
        <p>
          {status === null ? (
            'Run an operation while this is open: each is explained.'
          ) : (
            <code>{status}</code>
          )}
        </p>
      ) : (
        <>
          <Answer name="The answer" told={told} />
          <Fields fields={told.fields} />
          {Object.entries(told.pieces).map(([name, piece]) => (
            <Answer key={name} name={name} told={piece} />
          ))}
        </>
      )}
    </section>
  );
}

/** A side panel that tells what the cache had to do with the last answer; while it is open, all of them are explained. */
export const CACHE_PLUGIN = { title: 'Cache', icon: Icon, content: Cache };
